#include "gateway/scu/choice.hpp"

#include <algorithm>
#include <string_view>

#include "gateway/image/transfer_syntax.hpp"

namespace portcullis::scu {

namespace {

std::vector<Uid> uids(std::initializer_list<std::string_view> texts) {
    std::vector<Uid> list;
    for (const auto text : texts) list.push_back(*Uid::parse(text));
    return list;
}

std::optional<Uid> first_of(const std::vector<Uid>& wanted, const ul::ProposedContext& context) {
    const auto& offered = context.transfer_syntaxes;
    for (const auto& syntax : wanted)
        if (std::find(offered.begin(), offered.end(), syntax) != offered.end()) return syntax;
    return std::nullopt;
}

/// The compressed ones first.
std::vector<Uid> all() {
    auto list = compressed();
    list.push_back(*Uid::parse("1.2.840.10008.1.2.2"));
    list.insert(list.end(), uncompressed().begin(), uncompressed().end());
    return list;
}

}  // namespace

const std::vector<Uid>& uncompressed() {
    static const auto list = uids({"1.2.840.10008.1.2.1", "1.2.840.10008.1.2"});
    return list;
}

const std::vector<Uid>& compressed() {
    static const auto list = uids(
        {"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.80",
         "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
         "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.201",
         "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.1.99"});
    return list;
}

std::optional<Uid> choose(const Choice& choice, const ul::AssociateRq& request,
                          const ul::ProposedContext& context) {
    const auto offers_preferred = [&](const ul::ProposedContext& other) {
        return other.abstract_syntax == context.abstract_syntax && first_of(choice.preferred, other);
    };
    if (std::any_of(request.contexts.begin(), request.contexts.end(), offers_preferred))
        return first_of(choice.preferred, context);
    if (choice.otherwise == Choice::Else::uncompressed)
        if (const auto syntax = first_of(uncompressed(), context)) return syntax;
    for (const auto& syntax : context.transfer_syntaxes)
        if (image::carried_transfer_syntax(syntax)) return syntax;
    return std::nullopt;
}

std::vector<ul::ProposedContext> contexts_of(const Choice& choice, const Uid& sop_class, unsigned first_id) {
    const auto rest = choice.otherwise == Choice::Else::as_it_is_kept ? all() : uncompressed();
    std::vector<ul::ProposedContext> contexts;
    for (const auto& syntax : choice.preferred.empty() ? rest : choice.preferred) {
        const auto id = ContextId::parse(first_id + 2 * static_cast<unsigned>(contexts.size()));
        if (!id) break;
        contexts.push_back({*id, sop_class, {syntax}});
    }
    return contexts;
}

}  // namespace portcullis::scu
