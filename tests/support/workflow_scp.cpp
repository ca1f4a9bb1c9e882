// workflow_scp PORT FOLDER: keeps steps that it is told to create, and all data sets as they came, as
// FOLDER/00, FOLDER/01...

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "tests/support/workflow.hpp"

namespace {

using namespace portcullis::workflow;

constexpr DIC_US duplicate = 0x0111, no_such_instance = 0x0112, created_with_changes = 0xB300,
                 not_mine = 0xC301;

class Scp {
  public:
    explicit Scp(std::filesystem::path folder) : folder_(std::move(folder)) {}

    void serve(T_ASC_Association* association) {
        association_ = association;
        T_DIMSE_Message request{};
        OFCondition condition;
        while (
            (condition = DIMSE_receiveCommand(association, DIMSE_BLOCKING, 0, &context_, &request, nullptr))
                .good())
            answer(request);
        if (condition == DUL_PEERREQUESTEDRELEASE) ASC_acknowledgeRelease(association);
    }

  private:
    void answer(T_DIMSE_Message& request) {
        switch (request.CommandField) {
            case DIMSE_N_CREATE_RQ:
                return create(request.msg.NCreateRQ);
            case DIMSE_N_SET_RQ:
                return set(request.msg.NSetRQ);
            case DIMSE_N_GET_RQ:
                return get(request.msg.NGetRQ);
            case DIMSE_N_ACTION_RQ:
                return act(request.msg.NActionRQ);
            case DIMSE_C_FIND_RQ:
                return find(request.msg.CFindRQ);
            default:
                throw std::runtime_error("a command that no step has");
        }
    }

    std::shared_ptr<DcmDataset> receive() {
        const auto path = receive_into(folder_, received_++, association_);
        T_ASC_PresentationContext context;
        require(ASC_findAcceptedPresentationContext(association_->params, context_, &context), "the context");
        auto read = std::make_shared<DcmDataset>();
        require(read->loadFile(OFFilename(path.c_str()), DcmXfer(context.acceptedTransferSyntax).getXfer()),
                path);
        return read;
    }

    /// What it says of a step besides the status.
    static DcmDataset remark(const char* text) {
        DcmDataset said;
        require(said.putAndInsertString(DCM_PatientComments, text), text);
        return said;
    }

    void create(const T_DIMSE_N_CreateRQ& request) {
        const auto attributes = receive();
        const bool is_new = steps_.emplace(request.AffectedSOPInstanceUID, attributes).second;
        const bool unified = std::string(request.AffectedSOPClassUID) == classes.at("push");
        T_DIMSE_Message message{};
        message.CommandField = DIMSE_N_CREATE_RSP;
        auto& response = message.msg.NCreateRSP;
        response.MessageIDBeingRespondedTo = request.MessageID;
        response.DimseStatus = !is_new ? duplicate : unified ? created_with_changes : DIC_US{0};
        response.DataSetType = is_new ? DIMSE_DATASET_PRESENT : DIMSE_DATASET_NULL;
        copy_uid(response.AffectedSOPClassUID, request.AffectedSOPClassUID);
        copy_uid(response.AffectedSOPInstanceUID, request.AffectedSOPInstanceUID);
        response.opts = O_NCREATE_AFFECTEDSOPCLASSUID | O_NCREATE_AFFECTEDSOPINSTANCEUID;
        DcmDataset said = remark("created");
        send(association_, context_, message, is_new ? &said : nullptr);
    }

    void set(const T_DIMSE_N_SetRQ& request) {
        receive();
        const bool known = steps_.count(request.RequestedSOPInstanceUID) == 1;
        T_DIMSE_Message message{};
        message.CommandField = DIMSE_N_SET_RSP;
        auto& response = message.msg.NSetRSP;
        response.MessageIDBeingRespondedTo = request.MessageID;
        response.DimseStatus = known ? DIC_US{0} : no_such_instance;
        response.DataSetType = known ? DIMSE_DATASET_PRESENT : DIMSE_DATASET_NULL;
        DcmDataset said = remark("set");
        send(association_, context_, message, known ? &said : nullptr);
    }

    void get(const T_DIMSE_N_GetRQ& request) {
        const auto found = steps_.find(request.RequestedSOPInstanceUID);
        const bool known = found != steps_.end();
        T_DIMSE_Message message{};
        message.CommandField = DIMSE_N_GET_RSP;
        auto& response = message.msg.NGetRSP;
        response.MessageIDBeingRespondedTo = request.MessageID;
        response.DimseStatus = known ? DIC_US{0} : no_such_instance;
        response.DataSetType = known ? DIMSE_DATASET_PRESENT : DIMSE_DATASET_NULL;
        send(association_, context_, message, known ? found->second.get() : nullptr);
    }

    /// It never is in progress here.
    void act(const T_DIMSE_N_ActionRQ& request) {
        receive();
        T_DIMSE_Message message{};
        message.CommandField = DIMSE_N_ACTION_RSP;
        auto& response = message.msg.NActionRSP;
        response.MessageIDBeingRespondedTo = request.MessageID;
        response.DimseStatus = not_mine;
        response.DataSetType = DIMSE_DATASET_NULL;
        response.ActionTypeID = request.ActionTypeID;
        response.opts = O_NACTION_ACTIONTYPEID;
        send(association_, context_, message, nullptr);
    }

    /// All of them.
    void find(const T_DIMSE_C_FindRQ& request) {
        receive();
        for (const auto& [uid, attributes] : steps_)
            answer_find(request, STATUS_FIND_Pending_MatchesAreContinuing, attributes.get());
        answer_find(request, STATUS_Success, nullptr);
    }

    void answer_find(const T_DIMSE_C_FindRQ& request, DIC_US status, DcmDataset* match) {
        T_DIMSE_Message message{};
        message.CommandField = DIMSE_C_FIND_RSP;
        auto& response = message.msg.CFindRSP;
        response.MessageIDBeingRespondedTo = request.MessageID;
        response.DimseStatus = status;
        response.DataSetType = match ? DIMSE_DATASET_PRESENT : DIMSE_DATASET_NULL;
        copy_uid(response.AffectedSOPClassUID, request.AffectedSOPClassUID);
        response.opts = O_FIND_AFFECTEDSOPCLASSUID;
        send(association_, context_, message, match);
    }

    std::filesystem::path folder_;
    int received_ = 0;
    std::map<std::string, std::shared_ptr<DcmDataset>> steps_;
    T_ASC_Association* association_ = nullptr;
    T_ASC_PresentationContextID context_ = 0;
};

OFCondition agree(T_ASC_Association* association) {
    const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax};
    std::vector<const char*> taken;
    for (const auto& [name, uid] : classes) taken.push_back(uid);
    const auto condition = ASC_acceptContextsWithPreferredTransferSyntaxes(
        association->params, taken.data(), static_cast<int>(taken.size()), syntaxes, 1);
    return condition.good() ? ASC_acknowledgeAssociation(association) : condition;
}

void accept(Scp& scp, T_ASC_Network* network) {
    T_ASC_Association* association = nullptr;
    if (ASC_receiveAssociation(network, &association, ASC_DEFAULTMAXPDU).good() && agree(association).good())
        scp.serve(association);
    ASC_dropSCPAssociation(association);
    ASC_destroyAssociation(&association);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Keeps performed and unified procedure steps");
    int port = 0;
    std::string folder;
    app.add_option("PORT", port)->required();
    app.add_option("FOLDER", folder)->required();
    try {
        app.parse(argc, argv);
        T_ASC_Network* network = nullptr;
        require(ASC_initializeNetwork(NET_ACCEPTOR, port, 30, &network), "listening");
        Scp scp(folder);
        while (true) accept(scp, network);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const std::exception& error) {
        std::cerr << "workflow_scp: " << error.what() << '\n';
        return 1;
    }
}
