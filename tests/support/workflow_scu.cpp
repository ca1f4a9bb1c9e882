// workflow_scu PORT FOLDER STEP...: asks for steps over one association, and prints a line with the status of
// each response; the data sets of responses become FOLDER/00, FOLDER/01... as they came. A STEP is
// WHAT,CLASS,UID[,FILE], as in set,mpps,1.2.3,changes.dcm; WHAT is create, set, get, action or find.

#include <CLI/CLI.hpp>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "tests/support/workflow.hpp"

namespace {

using namespace portcullis::workflow;

class Scu {
  public:
    Scu(T_ASC_Association* association, std::filesystem::path folder)
        : association_(association), folder_(std::move(folder)) {}

    void ask(const std::string& step) {
        std::vector<std::string> words;
        std::istringstream all(step);
        for (std::string word; std::getline(all, word, ',');) words.push_back(word);
        if (words.size() < 3) throw std::runtime_error("no step: " + step);
        const char* agreed = classes.at(words[1]);
        const char* of = words[1] == "mpps" ? agreed : classes.at("push");
        const auto context = ASC_findAcceptedPresentationContextID(association_, agreed);
        if (context == 0) throw std::runtime_error(words[1] + " was not accepted");
        DcmFileFormat file;
        if (words.size() > 3) require(file.loadFile(words[3].c_str()), words[3]);
        T_DIMSE_Message message = request(words[0], agreed, of, words[2].c_str());
        send(association_, context, message, words.size() > 3 ? file.getDataset() : nullptr);
        while (hear(words[0])) {
        }
    }

  private:
    T_DIMSE_Message request(const std::string& what, const char* agreed, const char* of, const char* uid) {
        T_DIMSE_Message message{};
        const DIC_US id = association_->nextMsgID++;
        const auto about = [&](auto& asked, T_DIMSE_DataSetType data) {
            asked.MessageID = id;
            asked.DataSetType = data;
            copy_uid(asked.RequestedSOPClassUID, of);
            copy_uid(asked.RequestedSOPInstanceUID, uid);
        };
        if (what == "create") {
            message.CommandField = DIMSE_N_CREATE_RQ;
            auto& asked = message.msg.NCreateRQ;
            asked.MessageID = id;
            asked.DataSetType = DIMSE_DATASET_PRESENT;
            asked.opts = O_NCREATE_AFFECTEDSOPINSTANCEUID;
            copy_uid(asked.AffectedSOPClassUID, of);
            copy_uid(asked.AffectedSOPInstanceUID, uid);
        } else if (what == "set") {
            message.CommandField = DIMSE_N_SET_RQ;
            about(message.msg.NSetRQ, DIMSE_DATASET_PRESENT);
        } else if (what == "get") {
            message.CommandField = DIMSE_N_GET_RQ;
            about(message.msg.NGetRQ, DIMSE_DATASET_NULL);
        } else if (what == "action") {
            message.CommandField = DIMSE_N_ACTION_RQ;
            about(message.msg.NActionRQ, DIMSE_DATASET_PRESENT);
            message.msg.NActionRQ.ActionTypeID = 1;  // change the state
        } else if (what == "find") {
            message.CommandField = DIMSE_C_FIND_RQ;
            auto& asked = message.msg.CFindRQ;
            asked.MessageID = id;
            asked.DataSetType = DIMSE_DATASET_PRESENT;
            asked.Priority = DIMSE_PRIORITY_MEDIUM;
            copy_uid(asked.AffectedSOPClassUID, agreed);
        } else {
            throw std::runtime_error("nothing that steps have: " + what);
        }
        return message;
    }

    /// Whether more will come.
    bool hear(const std::string& what) {
        T_ASC_PresentationContextID context = 0;
        T_DIMSE_Message message{};
        require(DIMSE_receiveCommand(association_, DIMSE_BLOCKING, 0, &context, &message, nullptr),
                "the response");
        DIC_US status = 0;
        T_DIMSE_DataSetType data = DIMSE_DATASET_NULL;
        const auto read = [&](const auto& response) {
            status = response.DimseStatus, data = response.DataSetType;
        };
        switch (message.CommandField) {
            case DIMSE_N_CREATE_RSP:
                read(message.msg.NCreateRSP);
                break;
            case DIMSE_N_SET_RSP:
                read(message.msg.NSetRSP);
                break;
            case DIMSE_N_GET_RSP:
                read(message.msg.NGetRSP);
                break;
            case DIMSE_N_ACTION_RSP:
                read(message.msg.NActionRSP);
                break;
            case DIMSE_C_FIND_RSP:
                read(message.msg.CFindRSP);
                break;
            default:
                throw std::runtime_error("no response");
        }
        std::cout << what << ' ' << std::hex << std::uppercase << std::setw(4) << std::setfill('0') << status
                  << '\n';
        if (data != DIMSE_DATASET_NULL) receive_into(folder_, received_++, association_);
        return status == STATUS_FIND_Pending_MatchesAreContinuing;
    }

    T_ASC_Association* association_;
    std::filesystem::path folder_;
    int received_ = 0;
};

T_ASC_Association* associate(T_ASC_Network* network, int port) {
    T_ASC_Parameters* parameters = nullptr;
    require(ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU), "the association");
    ASC_setAPTitles(parameters, "CT1", "PACS", nullptr);
    const std::string address = "127.0.0.1:" + std::to_string(port);
    ASC_setPresentationAddresses(parameters, "127.0.0.1", address.c_str());
    const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax};
    T_ASC_PresentationContextID id = 1;
    for (const auto& [name, uid] : classes) {
        require(ASC_addPresentationContext(parameters, id, uid, syntaxes, 1), name);
        id = static_cast<T_ASC_PresentationContextID>(id + 2);
    }
    T_ASC_Association* association = nullptr;
    require(ASC_requestAssociation(network, parameters, &association), "the association");
    return association;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Asks for performed and unified procedure steps");
    int port = 0;
    std::string folder;
    std::vector<std::string> steps;
    app.add_option("PORT", port)->required();
    app.add_option("FOLDER", folder)->required();
    app.add_option("STEP", steps)->required();
    try {
        app.parse(argc, argv);
        T_ASC_Network* network = nullptr;
        require(ASC_initializeNetwork(NET_REQUESTOR, 0, 30, &network), "the network");
        T_ASC_Association* association = associate(network, port);
        Scu scu(association, folder);
        for (const std::string& step : steps) scu.ask(step);
        require(ASC_releaseAssociation(association), "the release");
        ASC_destroyAssociation(&association);
        ASC_dropNetwork(&network);
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const std::exception& error) {
        std::cerr << "workflow_scu: " << error.what() << '\n';
        return 1;
    }
}
