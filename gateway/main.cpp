// Nothing but the way from the command line to the gateway.

#include "gateway/cli.hpp"
#include "gateway/service/control.hpp"
#include "gateway/service/echo.hpp"
#include "gateway/service/gateway.hpp"

namespace {

int run(std::function<portcullis::Settings()> read) {
    portcullis::service::Gateway gateway(std::move(read));
    gateway.obey_signals();
    gateway.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return portcullis::run_cli(argc, argv,
                               {run, portcullis::service::echo_all, portcullis::service::ask_running});
}
