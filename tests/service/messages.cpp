#include "tests/service/messages.hpp"

#include <random>

#include "gateway/image/query.hpp"
#include "gateway/image/tags.hpp"
#include "tests/image/build.hpp"

namespace portcullis::service::test {

namespace tag = image::tag;
using dimse::CommandField;
using dimse::Element;
using image::test::DataSet;

namespace {

Bytes noise(std::size_t size) {
    std::mt19937 random(static_cast<unsigned>(size));
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

void list_instances(DataSet& data, std::uint32_t sequence, const std::vector<std::string>& instances) {
    data.header(sequence, "SQ", image::test::undefined);
    for (const auto& instance : instances) {
        data.item();
        data.uid(0x00081150, uid::ct).uid(tag::referenced_sop_instance_uid, instance);
        data.end_item();
    }
    data.end_sequence();
}

}  // namespace

ul::ProposedContext context(unsigned id, const std::string& abstract_syntax,
                            const std::vector<std::string>& transfer_syntaxes) {
    ul::ProposedContext made{*ContextId::parse(id), *Uid::parse(abstract_syntax), {}};
    for (const auto& syntax : transfer_syntaxes) made.transfer_syntaxes.push_back(*Uid::parse(syntax));
    return made;
}

ul::AssociateRq proposal(const std::string& calling, const std::string& called,
                         std::vector<ul::ProposedContext> contexts) {
    ul::AssociateRq request{1,
                            *AeTitle::parse(called),
                            *AeTitle::parse(calling),
                            std::string(ul::application_context_name),
                            std::move(contexts),
                            {},
                            {}};
    request.user.maximum_length = 16384;
    request.user.implementation_class_uid = "1.2.3";
    return request;
}

Object an_image(const std::string& instance, std::size_t size, const std::string& study,
                const Description& description) {
    DataSet data(true);
    data.uid(tag::sop_class_uid, uid::ct).uid(tag::sop_instance_uid, instance);
    const auto text = [&](std::uint32_t tag, const char* vr, std::string value) {
        if (value.size() % 2 != 0) value += ' ';
        if (!value.empty()) data.element(tag, vr, value);
    };
    text(tag::modality, "CS", description.modality);
    text(tag::institution_name, "LO", description.institution);
    text(tag::institutional_department_name, "LO", description.department);
    data.element(tag::patient_id, "LO", "PAT 1 ").uid(tag::study_instance_uid, study);
    data.uid(tag::series_instance_uid, study + ".1").us(tag::samples_per_pixel, 1);
    data.element(tag::photometric_interpretation, "CS", "MONOCHROME2 ");
    data.us(tag::rows, static_cast<std::uint16_t>(size / 1024)).us(tag::columns, 512);
    data.us(tag::bits_allocated, 16).us(tag::bits_stored, 12).us(tag::high_bit, 11);
    data.us(tag::pixel_representation, 0).element(tag::pixel_data, "OW", noise(size));
    return {instance, study, data.bytes};
}

dimse::Command request(CommandField field, std::uint16_t id, const std::string& sop_class) {
    dimse::Command command{field};
    command.set(Element::message_id, id);
    command.set(Element::affected_sop_class_uid, sop_class);
    command.set(Element::command_data_set_type, dimse::no_data_set);
    return command;
}

dimse::Command store_rq(std::uint16_t id, const Object& object) {
    auto command = request(CommandField::c_store_rq, id, uid::ct);
    command.set(Element::priority, std::uint16_t{0});
    command.set(Element::affected_sop_instance_uid, object.instance);
    return command;
}

dimse::Command store_rq(std::uint16_t id, const Object& object, const std::string& originator,
                        MessageId originator_id) {
    auto command = store_rq(id, object);
    command.set(Element::move_originator_ae_title, originator);
    command.set(Element::move_originator_message_id, static_cast<std::uint16_t>(originator_id));
    return command;
}

dimse::Command move_rq(std::uint16_t id, const std::string& destination) {
    auto command = request(CommandField::c_move_rq, id, uid::study_move);
    command.set(Element::priority, std::uint16_t{0});
    command.set(Element::move_destination, destination);
    return command;
}

dimse::Command cancel_rq(MessageId id) {
    dimse::Command command{CommandField::c_cancel_rq};
    command.set(Element::message_id_being_responded_to, static_cast<std::uint16_t>(id));
    command.set(Element::command_data_set_type, dimse::no_data_set);
    return command;
}

dimse::Command retrieve_rsp(const dimse::Command& request, std::uint16_t status, const Counts& counts) {
    auto response = dimse::response_to(request, status);
    response.set(Element::number_of_remaining_suboperations, counts.remaining);
    response.set(Element::number_of_completed_suboperations, counts.completed);
    response.set(Element::number_of_failed_suboperations, counts.failed);
    response.set(Element::number_of_warning_suboperations, counts.warning);
    return response;
}

Counts counts(const dimse::Command& response) {
    const auto number = [&](Element element) { return response.number(element).value_or(0xFFFF); };
    return {number(Element::number_of_remaining_suboperations),
            number(Element::number_of_completed_suboperations),
            number(Element::number_of_failed_suboperations),
            number(Element::number_of_warning_suboperations)};
}

Bytes asks_for_study(const std::string& study) {
    DataSet data(true);
    data.element(tag::query_retrieve_level, "CS", "STUDY ").uid(tag::study_instance_uid, study);
    return data.bytes;
}

Bytes asks_for_instance(const std::string& study, const std::string& series, const std::string& instance) {
    DataSet data(true);
    data.uid(tag::sop_instance_uid, instance).element(tag::query_retrieve_level, "CS", "IMAGE ");
    data.uid(tag::study_instance_uid, study).uid(tag::series_instance_uid, series);
    return data.bytes;
}

std::vector<std::string> failed_instances(ByteView identifier) {
    const auto syntax = image::carried_transfer_syntax(*Uid::parse(uid::explicit_le));
    std::vector<std::string> failed;
    for (const auto& instance : image::read_failed_list(identifier, *syntax).value())
        failed.push_back(instance.str());
    return failed;
}

dimse::Command action_rq(std::uint16_t id) {
    dimse::Command action{CommandField::n_action_rq};
    action.set(Element::message_id, id);
    action.set(Element::requested_sop_class_uid, uid::commitment);
    action.set(Element::requested_sop_instance_uid, uid::commitment_instance);
    return action;
}

Bytes asks_to_commit(const std::string& transaction, const std::vector<std::string>& instances) {
    DataSet data(true);
    data.uid(tag::transaction_uid, transaction);
    list_instances(data, tag::referenced_sop_sequence, instances);
    return data.bytes;
}

dimse::Command report_rq(std::uint16_t id) {
    auto report = request(CommandField::n_event_report_rq, id, uid::commitment);
    report.set(Element::affected_sop_instance_uid, uid::commitment_instance);
    return report;
}

Bytes result_of(const std::string& transaction, const std::vector<std::string>& committed,
                const std::vector<std::string>& failed, const std::string& transfer_syntax) {
    DataSet data(transfer_syntax == uid::explicit_le);
    data.uid(tag::transaction_uid, transaction);
    if (!failed.empty()) list_instances(data, tag::failed_sop_sequence, failed);
    if (!committed.empty()) list_instances(data, tag::referenced_sop_sequence, committed);
    return data.bytes;
}

}  // namespace portcullis::service::test
