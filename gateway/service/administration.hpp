#pragma once
// What an administrator asks of the gateway that runs, by its control socket: one JSON object, answered by
// one, in which "error" says in one line what is wrong.
//
//   {"command":"grant","budget":NAME,"peer" or "user":NAME,"objects":N,"studies":N,"bytes":N,"seconds":N,
//    "reason":TEXT}                    raises the limits of one account; {"until":TIME}
//   {"command":"budgets"}              {"budgets":[...],"grants":[...]}: what is used, and what was granted

#include <cstdint>
#include <string>

#include "gateway/service/services.hpp"

namespace portcullis::service {

class Administration {
  public:
    explicit Administration(Services& services) : services_(services) {}
    /// `uid`: who asks. What is granted is granted when that it was is on the disk.
    net::Awaitable<std::string> answer(std::string line, std::uint32_t uid);

  private:
    std::string budgets() const;

    Services& services_;
};

}  // namespace portcullis::service
