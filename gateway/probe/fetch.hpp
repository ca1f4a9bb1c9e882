#pragma once
// Brings objects of the test study back.

#include "gateway/probe/study.hpp"
#include "gateway/scu/retriever.hpp"

namespace portcullis::probe {

class Fetcher {
  public:
    Fetcher(scu::Retriever& retriever, StudyNames names) : retriever_(retriever), names_(std::move(names)) {}

    struct Fetched {
        std::vector<scu::Object> objects;
        std::string said;  // by the archive, for where there are none
    };
    /// The object of this UID, in a transfer syntax that `choice` admits.
    Fetched object(const Uid& sop_instance, const scu::Choice&);
    /// Whatever the study holds.
    Fetched study(const scu::Choice&);

  private:
    Fetched fetch(const scu::Keys&, const scu::Choice&);

    scu::Retriever& retriever_;
    const StudyNames names_;
};

}  // namespace portcullis::probe
