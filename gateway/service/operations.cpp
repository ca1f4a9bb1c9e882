#include "gateway/service/operations.hpp"

namespace portcullis::service {

namespace {

// PS3.6 table A-1.
constexpr std::string_view modality_worklist_find = "1.2.840.10008.5.1.4.31";
constexpr std::string_view performed_procedure_step =
    "1.2.840.10008.3.1.2.3.";                                           // .1 to .5: MPPS and its relatives
constexpr std::string_view storage_commitment = "1.2.840.10008.1.20.";  // .1 push, .2 pull (retired)
constexpr std::string_view storage_commitment_push_model = "1.2.840.10008.1.20.1";

policy::Operation operation_of_class(const std::string& sop_class) {
    if (sop_class.starts_with(performed_procedure_step)) return policy::Operation::mpps;
    if (sop_class.starts_with(storage_commitment)) return policy::Operation::commitment;
    return policy::Operation::other;
}

bool is_of_commitment(const dimse::Command& request, dimse::CommandField field) {
    const auto sop_class = request.sop_class();
    return request.field() == field && request.has_data_set() && sop_class && is_commitment_class(*sop_class);
}

}  // namespace

bool is_commitment_class(const Uid& sop_class) {
    return sop_class.str() == storage_commitment_push_model;
}

bool is_commitment_request(const dimse::Command& request) {
    return is_of_commitment(request, dimse::CommandField::n_action_rq);
}

bool is_commitment_result(const dimse::Command& request) {
    return is_of_commitment(request, dimse::CommandField::n_event_report_rq);
}

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
