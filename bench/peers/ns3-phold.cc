// PHOLD on ns-3's event schedulers. Usage: ns3-phold SCHEDULER WARM_UP EVENTS
// Prints {"events": n, "seconds": s}. The draws are a xorshift and a logarithm, cheaper than ns-3's
// own random variables, so that the figure is the scheduler's.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <ns3/core-module.h>

using namespace ns3;

namespace {

constexpr uint32_t kProcesses = 1024;
constexpr uint32_t kEventsPerProcess = 16;
constexpr double kRemote = 0.1;
constexpr double kLookaheadNs = 100;
constexpr double kMeanNs = 900;

std::vector<uint64_t> visits(kProcesses);
uint64_t state = 0x9e3779b97f4a7c15;
uint64_t executed = 0;
uint64_t stopAt = 0;

double Uniform() {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<double>(state >> 11) / 9007199254740992.0;
}

void Arrive(uint32_t process) {
  visits[process]++;
  const double delayNs = kLookaheadNs - std::log(1 - Uniform()) * kMeanNs;
  const uint32_t next =
      Uniform() < kRemote ? static_cast<uint32_t>(Uniform() * kProcesses) : process;
  Simulator::Schedule(NanoSeconds(static_cast<uint64_t>(delayNs)), &Arrive, next);
  if (++executed == stopAt) Simulator::Stop();
}

double Run(uint64_t events) {
  stopAt = executed + events;
  const auto start = std::chrono::steady_clock::now();
  Simulator::Run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc != 4) return 2;
  GlobalValue::Bind("SchedulerType", StringValue("ns3::" + std::string(argv[1])));
  for (uint32_t i = 0; i < kProcesses * kEventsPerProcess; i++) {
    Simulator::Schedule(NanoSeconds(static_cast<uint64_t>(Uniform() * 1000)), &Arrive,
                        i % kProcesses);
  }
  Run(std::strtoull(argv[2], nullptr, 10));
  const uint64_t events = std::strtoull(argv[3], nullptr, 10);
  std::printf("{\"events\": %llu, \"seconds\": %.9f}\n", static_cast<unsigned long long>(events),
              Run(events));
  return 0;
}
