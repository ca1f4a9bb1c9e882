#pragma once
// What is said: proposals, command sets, identifiers and small images.

#include <string>
#include <vector>

#include "gateway/dimse/command.hpp"
#include "gateway/ul/pdu.hpp"

namespace portcullis::service::test {

namespace uid {
inline const std::string implicit_le = "1.2.840.10008.1.2";
inline const std::string explicit_le = "1.2.840.10008.1.2.1";
inline const std::string deflated = "1.2.840.10008.1.2.1.99";
inline const std::string papyrus = "1.2.840.10008.1.20";
inline const std::string jpip = "1.2.840.10008.1.2.4.94";
inline const std::string explicit_be = "1.2.840.10008.1.2.2";
inline const std::string verification = "1.2.840.10008.1.1";
inline const std::string ct = "1.2.840.10008.5.1.4.1.1.2";
inline const std::string study_find = "1.2.840.10008.5.1.4.1.2.2.1";
inline const std::string study_move = "1.2.840.10008.5.1.4.1.2.2.2";
inline const std::string study_get = "1.2.840.10008.5.1.4.1.2.2.3";
inline const std::string mpps = "1.2.840.10008.3.1.2.3.3";
inline const std::string commitment = "1.2.840.10008.1.20.1";
inline const std::string commitment_instance = "1.2.840.10008.1.20.1.1";
}  // namespace uid

ul::ProposedContext context(unsigned id, const std::string& abstract_syntax,
                            const std::vector<std::string>& transfer_syntaxes = {uid::explicit_le});
ul::AssociateRq proposal(const std::string& calling, const std::string& called,
                         std::vector<ul::ProposedContext> contexts);

/// An image of one frame, 16 bits per pixel, 512 pixels per row, that nothing in the gateway may change.
struct Object {
    std::string instance;
    std::string study;
    Bytes data_set;  // Explicit VR Little Endian
};
/// What an image says of itself that policy asks; empty: not there.
struct Description {
    std::string modality, institution, department;
};
/// `size` of the pixels in bytes, a multiple of 1024.
Object an_image(const std::string& instance, std::size_t size = 256 * 1024,
                const std::string& study = "1.2.8", const Description& description = {});

dimse::Command request(dimse::CommandField field, std::uint16_t id, const std::string& sop_class);
dimse::Command store_rq(std::uint16_t id, const Object& object);
/// A C-STORE-RQ of a C-MOVE, as an archive that names the originator writes it.
dimse::Command store_rq(std::uint16_t id, const Object& object, const std::string& originator,
                        MessageId originator_id);
dimse::Command move_rq(std::uint16_t id, const std::string& destination);
dimse::Command cancel_rq(MessageId id);

struct Counts {
    std::uint16_t remaining, completed, failed, warning;
    bool operator==(const Counts&) const = default;
};
dimse::Command retrieve_rsp(const dimse::Command& request, std::uint16_t status, const Counts& counts);
Counts counts(const dimse::Command& response);

/// Identifier that asks for a study, in Explicit VR Little Endian.
Bytes asks_for_study(const std::string& study);
Bytes asks_for_instance(const std::string& study, const std::string& series, const std::string& instance);
/// Of a final response.
std::vector<std::string> failed_instances(ByteView identifier);

/// Storage Commitment (PS3.4 J.3): the request and its data set, and the result and its data set, which
/// lists no sequence that is empty. The gateway prefers results in Implicit VR.
dimse::Command action_rq(std::uint16_t id);
Bytes asks_to_commit(const std::string& transaction, const std::vector<std::string>& instances);
dimse::Command report_rq(std::uint16_t id);
Bytes result_of(const std::string& transaction, const std::vector<std::string>& committed,
                const std::vector<std::string>& failed = {},
                const std::string& transfer_syntax = uid::implicit_le);

}  // namespace portcullis::service::test
