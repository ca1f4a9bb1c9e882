#include "gateway/settings_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <set>
#include <sstream>
#include <utility>

namespace portcullis::settings {

namespace {

// yaml-cpp takes what is never closed for a key.
constexpr const char* no_key = "a key must be plain text; is everything closed that was opened?";

Mark from_one(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

/// Builds the tree from events: YAML::Load would accept a repeated key in silence.
class Builder final : public YAML::EventHandler {
  public:
    Node take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) throw SyntaxError(from_one(mark), "a second document; write one");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { place(node(mark, Node::Kind::nothing)); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }
    void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override {
        Node scalar = node(mark, Node::Kind::scalar, tag);
        scalar.text = value;
        scalar.quoted = tag == "!";
        place(std::move(scalar));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(node(mark, Node::Kind::sequence, tag));
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(node(mark, Node::Kind::mapping, tag));
    }
    void OnMapEnd() override { close(); }

  private:
    struct Level {
        Node node;
        std::set<std::string> seen;
    };

    [[noreturn]] static void refuse_anchor(const YAML::Mark& mark) {
        throw SyntaxError(from_one(mark), "anchors and aliases are not read; write the value out");
    }

    static Node node(const YAML::Mark& mark, Node::Kind kind, const std::string& tag = "") {
        // yaml-cpp: "?" no tag, "!" in quotes
        if (!tag.empty() && tag != "?" && tag != "!")
            throw SyntaxError(from_one(mark), "tags are not read; remove " + tag);
        Node made;
        made.kind = kind;
        made.at = from_one(mark);
        return made;
    }

    bool key_is_next() const {
        return !levels_.empty() && levels_.back().node.kind == Node::Kind::mapping &&
               levels_.back().node.keys.size() == levels_.back().node.items.size();
    }

    void open(Node started) {
        if (key_is_next()) throw SyntaxError(started.at, no_key);
        if (levels_.size() == deepest_nesting) throw SyntaxError(started.at, "nested too deep");
        levels_.push_back({std::move(started), {}});
    }

    void close() {
        Node finished = std::move(levels_.back().node);
        levels_.pop_back();
        place(std::move(finished));
    }

    void place(Node finished) {
        if (levels_.empty()) {
            root_ = std::move(finished);
            return;
        }
        auto& [parent, seen] = levels_.back();
        if (!key_is_next()) {
            parent.items.push_back(std::move(finished));
            return;
        }
        if (finished.kind != Node::Kind::scalar) throw SyntaxError(finished.at, no_key);
        const bool repeated = !seen.insert(finished.text).second;
        parent.keys.push_back({std::move(finished.text), finished.at, repeated});
    }

    Node root_;
    std::vector<Level> levels_;
    int documents_ = 0;
};

}  // namespace

Node parse_yaml(const std::string& text) {
    std::istringstream input(text);
    Builder builder;
    try {
        YAML::Parser parser(input);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::ParserException& error) {
        throw SyntaxError(from_one(error.mark), error.msg);
    }
    return builder.take();
}

}  // namespace portcullis::settings
