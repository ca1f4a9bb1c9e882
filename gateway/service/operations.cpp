#include "gateway/service/operations.hpp"

namespace portcullis::service {

namespace {

// PS3.6 table A-1.
constexpr std::string_view modality_worklist_find = "1.2.840.10008.5.1.4.31";
constexpr std::string_view performed_procedure_step =
    "1.2.840.10008.3.1.2.3.";  // .1 to .5: MPPS and its relatives
constexpr std::string_view storage_commitment = "1.2.840.10008.1.20.";

policy::Operation operation_of_class(const std::string& sop_class) {
    if (sop_class.starts_with(performed_procedure_step)) return policy::Operation::mpps;
    if (sop_class.starts_with(storage_commitment)) return policy::Operation::commitment;
    return policy::Operation::other;
}

}  // namespace

policy::Operation operation_of(const dimse::Command& request) {
    const auto sop_class = request.sop_class();
    switch (request.field()) {
        case dimse::CommandField::c_store_rq:
            return policy::Operation::store;
        case dimse::CommandField::c_get_rq:
        case dimse::CommandField::c_move_rq:
            return policy::Operation::retrieve;
        case dimse::CommandField::c_echo_rq:
            return policy::Operation::echo;
        case dimse::CommandField::c_find_rq:
            return sop_class && sop_class->str() == modality_worklist_find ? policy::Operation::worklist
                                                                           : policy::Operation::find;
        default:
            return sop_class ? operation_of_class(sop_class->str()) : policy::Operation::other;
    }
}

}  // namespace portcullis::service
