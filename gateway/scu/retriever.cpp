#include "gateway/scu/retriever.hpp"

#include "gateway/dimse/hex.hpp"
#include "gateway/dimse/status.hpp"

namespace portcullis::scu {

namespace {

/// Notes whether anything comes.
class Noting final : public Receiver {
  public:
    explicit Noting(Receiver& receiver) : receiver_(receiver) {}
    const Choice& choice() const override { return receiver_.choice(); }
    std::unique_ptr<ObjectSink> begin(const Uid& sop_class, const Uid& sop_instance,
                                      const Uid& transfer_syntax) override {
        came = true;
        return receiver_.begin(sop_class, sop_instance, transfer_syntax);
    }
    bool came = false;

  private:
    Receiver& receiver_;
};

std::string describe(const Answer& answer) {
    auto text = "status " + dimse::hex(answer.status);
    if (answer.status == dimse::status::move_destination_unknown)
        text += ", it does not know the destination";
    if (answer.failed > 0) text += ", " + std::to_string(answer.failed) + " failed";
    if (!answer.comment.empty()) text += " (" + answer.comment + ")";
    return text;
}

}  // namespace

Retriever::Retriever(Client& client) : client_(client), move_trouble_(client.listen()) {
    if (move_trouble_.empty()) ways_.push_back(Way::move);
    ways_.push_back(Way::get);
}

std::string Retriever::retrieve(const Keys& keys, Receiver& receiver, const std::vector<Uid>& sop_classes) {
    std::string said;
    for (const auto way : std::vector<Way>(ways_)) {
        Noting noting(receiver);
        said = retrieve_by(way, keys, noting, sop_classes);
        if (noting.came) {
            settled_ = true;
            ways_ = {way};
            break;
        }
        if (!settled_) (way == Way::move ? move_trouble_ : get_trouble_) = said;
    }
    return said;
}

std::string Retriever::retrieve_by(Way way, const Keys& keys, Receiver& receiver,
                                   const std::vector<Uid>& sop_classes) {
    try {
        return describe(client_.retrieve(way, keys, receiver, sop_classes));
    } catch (const Failed& failed) {
        return failed.what();
    }
}

std::string Retriever::way() const {
    if (!settled_) return {};
    if (ways_.front() == Way::move) return "C-MOVE to " + client_.destination();
    return "C-GET (not by C-MOVE: " + move_trouble_ + ")";
}

std::string Retriever::no_way() const {
    return "nothing comes back, neither by C-MOVE (" + move_trouble_ + ") nor by C-GET (" + get_trouble_ +
           ")";
}

}  // namespace portcullis::scu
