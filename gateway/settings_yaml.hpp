#pragma once
// YAML as a tree that knows where everything stands. Narrower than YAML on purpose: one document, no anchors,
// aliases or explicit tags, plain text as keys, a bounded depth: nothing that makes a small file large.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace portcullis::settings {

/// Line and column, both from 1.
struct Mark {
    std::size_t line = 1;
    std::size_t column = 1;
    auto operator<=>(const Mark&) const = default;
};

struct Node {
    struct Key {
        std::string name;
        Mark at;
        bool repeated;  // the mapping has this key already
    };
    enum class Kind { nothing, scalar, sequence, mapping };

    Kind kind = Kind::nothing;
    Mark at;
    std::string text;         // of a scalar
    bool quoted = false;      // a scalar in quotes is text, whatever it looks like
    std::vector<Key> keys;    // of a mapping, one for each item
    std::vector<Node> items;  // of a sequence or a mapping
};

/// What makes the rest of the file unreadable.
class SyntaxError : public std::runtime_error {
  public:
    SyntaxError(Mark where, const std::string& what) : std::runtime_error(what), at(where) {}
    Mark at;
};

inline constexpr std::size_t deepest_nesting = 16;

/// Throws SyntaxError.
Node parse_yaml(const std::string& text);

}  // namespace portcullis::settings
