"""Requests on the control sockets, and the memory that many of them leave behind."""
import subprocess
import time

from machine import memory, rotate
from measures import SETTLED_S, running

BURST = 300_000


def measure_socket(make, rounds, results):
    """Round trips on the control socket, one client and a hundred."""
    systems = [system for system in make('socket') if system.dialogue]
    with running(systems):
        time.sleep(SETTLED_S)
        for turn in range(rounds):
            for system in rotate(systems, turn):
                _, p50, _, _ = round_trips(system, 1, 500)
                rate, _, p99, refused = round_trips(system, 100, system.crowd_requests)
                results.add('p50', system, p50)
                results.add('rate', system, rate)
                results.add('p99', system, p99 / 1e3)
                results.add('refused', system, refused)


def round_trips(system, clients, requests):
    """Requests per second, median and 99th percentile in µs, refused clients."""
    path, hello, request, end = system.dialogue
    argv = [f'{system.tools}/roundtrips', path, str(clients), str(requests), hello, request, end]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f'{system.name}: {done.stderr.strip()}')
    return map(float, done.stdout.split())


def measure_burst(make, rounds, results):
    """Memory of the product five seconds after many requests; a quarter of the rounds, each ten seconds."""
    for turn in range(max(1, rounds // 4)):
        systems = [system for system in make(f'burst{turn}') if system.name == 'zeoctl']
        with running(systems):
            for system in systems:
                round_trips(system, 100, BURST)
                time.sleep(5)
                results.add('burst', system, memory(system.managers()[0])[0])
