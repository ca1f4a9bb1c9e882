#pragma once
// Typing at the command line, and a folder to do it in.

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "gateway/cli.hpp"
#include "tests/support/temporary_folder.hpp"

namespace portcullis {

struct Answer {
    int status;
    std::string out;
    std::string err;
    nlohmann::json json() const { return nlohmann::json::parse(out); }
};

inline Answer type(std::vector<const char*> words, const Commands& commands = {}) {
    words.insert(words.begin(), "portcullis");
    std::ostringstream out;
    std::ostringstream err;
    const int status = run_cli(static_cast<int>(words.size()), words.data(), commands, out, err);
    return {status, out.str(), err.str()};
}

class Folder {
  public:
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(own_ / name) << text;
        return *this / name;
    }
    std::string operator/(const std::string& name) const { return (own_ / name).string(); }

  private:
    const portcullis::support::TemporaryFolder own_;
};

inline const std::string valid = R"(archives: [{name: main, ae_title: PACS, host: 10.0.0.5}]
peers: [{name: ws, ae_title: WS1, host: 10.0.1.7, addresses: [10.0.1.7]}]
keys: {keyring: keys}
audit: {log: audit}
)";

inline bool is_one_line(const std::string& text) {
    return !text.empty() && text.find('\n') == text.size() - 1;
}

}  // namespace portcullis
