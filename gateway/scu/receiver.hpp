#pragma once
// Who takes the objects that an archive sends back.

#include <memory>

#include "gateway/base/bytes.hpp"
#include "gateway/base/names.hpp"
#include "gateway/scu/choice.hpp"

namespace portcullis::scu {

/// One object, as its data set arrives. Destroyed before finish(): the rest never came.
class ObjectSink : public ByteSink {
  public:
    /// The data set is complete. The status that the archive is told. Does not throw.
    virtual std::uint16_t finish() = 0;
};

class Receiver {
  public:
    virtual ~Receiver() = default;
    virtual const Choice& choice() const = 0;
    /// An object begins; nullptr: it is not taken, and the archive is told so.
    virtual std::unique_ptr<ObjectSink> begin(const Uid& sop_class, const Uid& sop_instance,
                                              const Uid& transfer_syntax) = 0;
};

}  // namespace portcullis::scu
