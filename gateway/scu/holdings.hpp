#pragma once
// Whether an archive holds an object.

#include <map>
#include <set>
#include <string>

#include "gateway/scu/client.hpp"

namespace portcullis::scu {

enum class Held { yes, no, unknown };

/// What the archive holds of a study, each series asked for once.
class Holdings {
  public:
    Holdings(Client& client, Uid study) : client_(client), study_(std::move(study)) {}

    /// `series`: where it was stored. `unknown` if it is not there any more, and the archive refuses to look
    /// elsewhere: archives merge and split studies. Throws Failed.
    Held has(const std::string& series, const Uid& sop_instance);

  private:
    const std::set<Uid>& of(const Uid& series);
    Held elsewhere(const Uid& sop_instance);

    Client& client_;
    const Uid study_;
    std::map<Uid, std::set<Uid>> series_;
};

}  // namespace portcullis::scu
