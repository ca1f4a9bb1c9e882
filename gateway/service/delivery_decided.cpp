// To which retrieval an object belongs, and what policy says of it: both may have to wait for what it says of
// itself.

#include <algorithm>

#include "gateway/dimse/status.hpp"
#include "gateway/service/delivery.hpp"

namespace portcullis::service {

namespace status = dimse::status;

namespace {

/// Bytes that are held until an object has said which it is; they are read once more in one go.
constexpr std::size_t longest_header = std::size_t{64} << 20;

/// Whoever receives it is the same, and whoever answers for it.
bool same_parties(const Retrieval& a, const Retrieval& b) {
    return a.request().user == b.request().user &&
           a.request().judged.judgement().rules() == b.request().judged.judgement().rules() &&
           a.request().viewer == b.request().viewer &&
           a.request().viewer_address == b.request().viewer_address && a.request().peer == b.request().peer &&
           a.request().destination == b.request().destination;
}

}  // namespace

/// What the archive's command says.
policy::Object Delivery::so_far() const {
    policy::Object object;
    object.sop_class = sop_class_;
    return object;
}

/// What is decided of such an object whichever of the candidates it belongs to; nothing: that is not known,
/// or not the same.
std::optional<policy::Verdict> Delivery::decided_alike(const policy::Object& object) const {
    std::optional<policy::Verdict> alike;
    for (const auto& candidate : candidates_) {
        const auto judgement = candidate->request().judged.judge(object);
        if (!judgement.decided()) return std::nullopt;
        if (alike && alike->decision != judgement.verdict().decision) return std::nullopt;
        if (!alike) alike = judgement.verdict();
    }
    return alike;
}

/// Once for each object. A push is a request of its own.
void Delivery::settle(const policy::Verdict& verdict) {
    verdict_ = verdict;
    const auto& belongs_to = *candidates_.front();
    if (!belongs_to.is_push()) return;
    const auto& request = belongs_to.request();
    services_.metrics.request(std::string(policy::name(request.operation)),
                              std::string(policy::name(verdict.decision)));
    const auto* receiver = request.judged.access().policy.peer(request.peer);
    if (verdict.decision == policy::Decision::open && receiver->title_only)
        services_.metrics.title_only_opened();
}

void Delivery::hold(ByteView bytes) {
    const auto taken = header_->take(bytes);
    if (header_->held().size() > longest_header)
        return withhold(
            {"header", "it does not say what it is in its first 64 MiB", status::processing_failure, false});
    if (!taken) return withhold(Withheld::because(taken.error(), header_->failure_detail()));
    if (header_->identifiers().complete) decide();
}

void Delivery::end_header() {
    const auto ended = header_->finish();
    if (!ended) return withhold(Withheld::because(ended.error(), header_->failure_detail()));
    decide();
}

/// What is held, and all that follows, goes the way that policy says.
void Delivery::decide() {
    match();
    if (!withheld_) begin_as(verdict_->decision);
    while (!withheld_) {
        const auto piece = header_->held().next();
        if (!piece) return withhold(Withheld::full("spool", piece.error()));
        if (piece->empty()) return;
        for (auto rest = *piece; !rest.empty() && !withheld_;) {
            const auto bytes = rest.first(std::min(rest.size(), at_once_));
            rest = rest.subspan(bytes.size());
            pass(bytes);
        }
    }
}

/// What the object says it is decides to which request it belongs: the archive's word alone could carry one
/// viewer's images to another.
void Delivery::match() {
    const auto& known = identifiers();
    if (known.sop_instance && *known.sop_instance != sop_instance()) {
        return withhold({"wrong instance", "the data set names another SOP Instance UID",
                         status::data_set_mismatch, true});
    }
    std::erase_if(candidates_, [&](const auto& candidate) { return !candidate->covers(known); });
    if (candidates_.empty())
        return withhold(
            {"not asked for", "outside the scope of the retrieval", status::not_authorized, true});
    const auto differs = [&](const auto& candidate) {
        return !same_parties(*candidate, *candidates_.front());
    };
    const auto verdict = decided_alike(object_of(known, sop_class_));
    if (!verdict || std::any_of(candidates_.begin(), candidates_.end(), differs)) {
        return withhold({"ambiguous",
                         "several retrievals ask for it and the archive does not say which; give the archive "
                         "more move_titles",
                         status::not_authorized, false});
    }
    retrieval_ = candidates_.front();
    if (!verdict_) settle(*verdict);
}

}  // namespace portcullis::service
