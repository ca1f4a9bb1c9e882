#pragma once
// Windows of local time. The time itself comes with each request: this room has no clock.

#include <optional>
#include <string>
#include <string_view>

namespace portcullis::policy {

/// A minute of the week, by the clock on the wall.
struct LocalTime {
    unsigned weekday = 0;  // 0: Monday, to 6
    unsigned minute = 0;   // of the day
    bool operator==(const LocalTime&) const = default;
};

/// "mon 07:05".
std::string text(const LocalTime&);

/// "07:00-19:00": from seven on, until before 19:00. "22:00-06:00" goes over midnight. "mon-fri 07:00-19:00"
/// and "sun 22:00-06:00" hold on days only, a window over midnight on the days on which it begins. The end
/// may be 24:00.
class Hours {
  public:
    static std::optional<Hours> parse(std::string_view text);
    bool contains(const LocalTime&) const;
    const std::string& str() const { return text_; }
    bool operator==(const Hours&) const = default;

  private:
    bool begins_on(unsigned weekday) const;

    std::string text_;
    unsigned first_day_ = 0, last_day_ = 6;  // both included; the last may be before the first
    unsigned begin_ = 0, end_ = 0;           // minutes of the day
};

}  // namespace portcullis::policy
