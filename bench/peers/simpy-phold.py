"""PHOLD in SimPy. Usage: simpy-phold.py callbacks|processes WARM_UP EVENTS

Prints {"events": n, "seconds": s}. `callbacks` is the fastest way SimPy has: a function called by a
timeout; `processes` is the usual way: a generator for each of the pending events.
"""
import json
import sys
import time
from random import expovariate, random, randrange, seed

import simpy

PROCESSES = 1024
EVENTS_PER_PROCESS = 16
REMOTE = 0.1
LOOKAHEAD_NS = 100
MEAN_NS = 900

seed("phold")
visits = [0] * PROCESSES


def delay():
    return LOOKAHEAD_NS + expovariate(1 / MEAN_NS)


def destination(process):
    return randrange(PROCESSES) if random() < REMOTE else process


def start_callbacks(env):
    def expect(process, after):
        env.timeout(after, process).callbacks.append(arrive)

    def arrive(event):
        process = event.value
        visits[process] += 1
        expect(destination(process), delay())

    for i in range(PROCESSES * EVENTS_PER_PROCESS):
        expect(i % PROCESSES, random() * 1000)


def start_processes(env):
    def job(process):
        yield env.timeout(random() * 1000)
        while True:
            visits[process] += 1
            process = destination(process)
            yield env.timeout(delay())

    for i in range(PROCESSES * EVENTS_PER_PROCESS):
        env.process(job(i % PROCESSES))


def main():
    style, warm_up, events = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    env = simpy.Environment()
    (start_callbacks if style == "callbacks" else start_processes)(env)
    step = env.step
    for _ in range(warm_up):
        step()
    start = time.perf_counter()
    for _ in range(events):
        step()
    print(json.dumps({"events": events, "seconds": time.perf_counter() - start}))


main()
