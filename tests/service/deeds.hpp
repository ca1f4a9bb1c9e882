#pragma once
// What tests do in one call.

#include <filesystem>

#include "tests/service/hospital.hpp"

namespace portcullis::service::test {

/// WS1 moves the object to itself, and the archive returns this; what WS1 gets.
Bytes retrieve(Hospital&, const Object&, const Bytes& returned,
               const std::string& transfer_syntax = uid::explicit_le);

/// Sealed without the gateway, as on its command line, or by another gateway that has the same keys.
/// `transfer_syntax` is that of the object.
Bytes sealed_offline(const std::filesystem::path& keyring, const Object& object, bool mark = true,
                     const std::string& transfer_syntax = uid::explicit_le);

/// A scanner stores in context 1 of this proposal what was sealed already; checks that the archive gets every
/// byte of it.
void check_passes(Hospital&, const ul::AssociateRq& proposal, const Object&, const Bytes& sealed);

/// What the archive main pushes to reading-room; the rule is called "push".
policy::Rule push_rule(policy::Decision);

/// As archives strip private elements: of those of an_image(), all that follows Pixel Data. Throws if there
/// are none.
Bytes without_block(Bytes sealed);

}  // namespace portcullis::service::test
