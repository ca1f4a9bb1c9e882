#include "gateway/assurance/child.hpp"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace portcullis::assurance {

namespace {

void require(bool held, const char* call) {
    if (!held) throw std::system_error(errno, std::generic_category(), call);
}

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    int get() const { return fd_; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

  private:
    int fd_;
};

/// A file without a name, gone when it is closed.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// The program's process, or -1 if there is none of that name.
pid_t start(const std::vector<std::string>& words, int input, int output) {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // not written to
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT) return -1;
    errno = error;
    require(error == 0, "posix_spawnp");
    return child;
}

/// False once the other side is gone.
bool send_all(int socket, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
        require(sent >= 0, "send");
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string contents(std::FILE* file) {
    std::string text(std::size_t{1} << 20, '\0');
    std::rewind(file);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    return text;
}

}  // namespace

std::optional<Fed> feed(const std::vector<std::string>& words, const std::function<ByteView()>& next,
                        std::uint64_t limit) {
    int ends[2];
    // Not a pipe: writing to one whose reader is gone raises SIGPIPE, for the whole process.
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
    Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);
    const File output(std::tmpfile(), std::fclose);
    require(output != nullptr, "tmpfile");
    const pid_t child = start(words, theirs.get(), ::fileno(output.get()));
    if (child < 0) return std::nullopt;
    theirs.close();
    Fed fed;
    bool alive = true;
    while (alive && fed.taken < limit) {
        ByteView bytes = next();
        bytes =
            bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), limit - fed.taken)));
        alive = send_all(ours.get(), bytes);
        fed.taken += bytes.size();
    }
    fed.all = alive;
    ours.close();
    while (::waitpid(child, &fed.status, 0) < 0) require(errno == EINTR, "waitpid");
    fed.output = contents(output.get());
    return fed;
}

}  // namespace portcullis::assurance
