#include "codec/plugin_trial.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>

#include "codec/plugin_library.hpp"
#include "codec/plugin_self_test.hpp"

namespace portcullis::codec {

namespace {

/// One line, in memory that both processes have.
class SharedLine {
  public:
    void write(std::string_view text) {
        const std::size_t length = std::min(text.size(), sizeof(text_) - 1);
        std::memcpy(text_, text.data(), length);
        text_[length] = '\0';
    }
    std::string read() const { return std::string(text_, ::strnlen(text_, sizeof(text_))); }

  private:
    char text_[256];
};

/// What the child tells. It stays where a pipe would lose what was said before a death.
struct Report {
    enum class End { none, refused, passed } end = End::none;
    SharedLine call;     // the one that is under way
    SharedLine refusal;  // End::refused
    SharedLine id;       // the rest: End::passed
    std::uint16_t version;
    std::uint32_t key_length;
    Digest encrypted;
};

class SharedReport {
  public:
    SharedReport()
        : place_(::mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (place_ == MAP_FAILED) throw system_error("cannot be tested");
        report_ = new (place_) Report{};
    }
    SharedReport(const SharedReport&) = delete;
    SharedReport& operator=(const SharedReport&) = delete;
    ~SharedReport() { ::munmap(place_, sizeof(Report)); }
    Report& operator*() const { return *report_; }

  private:
    void* place_;
    Report* report_;
};

/// A crash shall be one, whoever handles signals in this program; a hang ends; nothing of the parent's runs
/// when the plugin calls exit().
void prepare_child(unsigned most_seconds) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGALRM, SIGTERM})
        ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    const rlimit processor_time{most_seconds + 1,
                                most_seconds + 1};  // if it has made itself deaf to the alarm
    ::setrlimit(RLIMIT_CPU, &processor_time);
    ::on_exit([](int status, void*) { ::_exit(status); }, nullptr);
    ::alarm(most_seconds);
}

void test_in_child(const std::string& bytes, Place place, Report& report) {
    report.call.write("its constructors");
    std::optional<PluginLibrary> where_it_would_be;
    if (place == Place::other) where_it_would_be.emplace(bytes);
    const PluginLibrary library(bytes);
    report.call.write("portcullis_plugin_describe");
    const portcullis_plugin plugin = library.describe();
    report.encrypted = self_test(plugin, [&](const std::string& call) { report.call.write(call); });
    report.id.write(plugin.id);
    report.version = plugin.version;
    report.key_length = plugin.key_length;
    report.end = Report::End::passed;
    ::_exit(0);  // before the destructors of the library
}

[[noreturn]] void run_child(const std::string& bytes, unsigned most_seconds, Place place, Report& report) {
    prepare_child(most_seconds);
    try {
        test_in_child(bytes, place, report);
    } catch (const std::exception& error) {
        report.refusal.write(error.what());
    } catch (...) {
        report.refusal.write("threw an exception in " + report.call.read());
    }
    report.end = Report::End::refused;
    ::_exit(0);
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw system_error("cannot be waited for");
    return status;
}

[[noreturn]] void refuse_death(int status, unsigned most_seconds, const std::string& call) {
    const std::string where = ", in " + call;
    if (WIFEXITED(status))
        throw PluginError("left the process in its self-test (exit status " +
                          std::to_string(WEXITSTATUS(status)) + ")" + where);
    const int signal = WTERMSIG(status);
    if (signal == SIGALRM)
        throw PluginError("did not finish its self-test within " + std::to_string(most_seconds) + " s" +
                          where);
    const char* const name = ::sigdescr_np(signal);
    const bool outside = signal == SIGSEGV || signal == SIGBUS;
    throw PluginError("died in its self-test (signal " + std::to_string(signal) + ", " +
                      (name ? name : "unknown") + ")" + where +
                      (outside ? ": it may have touched what is not its unit or key" : ""));
}

}  // namespace

Trial try_out(const std::string& bytes, unsigned most_seconds, Place place) {
    const SharedReport shared;
    const Report& report = *shared;
    const pid_t child = ::fork();
    if (child < 0) throw system_error("cannot be tested");
    if (child == 0) run_child(bytes, most_seconds, place, *shared);
    const int status = wait_for(child);
    const bool regular = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!regular || report.end == Report::End::none) refuse_death(status, most_seconds, report.call.read());
    if (report.end == Report::End::refused) throw PluginError(report.refusal.read());
    return {report.id.read(), report.version, report.key_length, report.encrypted};
}

}  // namespace portcullis::codec
