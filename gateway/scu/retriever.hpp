#pragma once
// Brings objects by whichever way an archive knows.

#include "gateway/scu/client.hpp"

namespace portcullis::scu {

class Retriever {
  public:
    /// C-MOVE where we can listen, else C-GET.
    explicit Retriever(Client&);

    /// Until an object has come, each way is tried; from then on the one by which it came. Returns what the
    /// archive said at the end, or why it said nothing: for people, where something is missing.
    std::string retrieve(const Keys&, Receiver&, const std::vector<Uid>& sop_classes);

    /// By which way objects come, and why not by the other; empty while none has come.
    std::string way() const;
    /// Why none has come.
    std::string no_way() const;

  private:
    std::string retrieve_by(Way, const Keys&, Receiver&, const std::vector<Uid>& sop_classes);

    Client& client_;
    std::vector<Way> ways_;  // to try
    bool settled_ = false;
    std::string move_trouble_, get_trouble_;
};

}  // namespace portcullis::scu
