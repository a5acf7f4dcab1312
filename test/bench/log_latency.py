"""The control socket while the program floods."""
import os
import signal
import statistics
import time

from log_flood import waiting

REQUESTS = 300
# More than any system takes while it is asked.
FLOOD_BYTES = 400_000_000_000


def measure_latency(system, folder, flood):
    """Median of a request on a new connection in µs, before and during a flood without end."""
    with waiting(system, folder, [flood, str(FLOOD_BYTES), '65536']) as (program, _, stamp):
        idle = median(system)
        os.kill(program, signal.SIGUSR1)
        time.sleep(.3)
        flooded = median(system)
        if os.path.exists(stamp):
            raise OSError('the flood was over too soon')
        # A stop might wait for a program that never looks.
        os.kill(program, signal.SIGSTOP)
        return idle, flooded


def median(system):
    """Of so many requests, one after the other."""
    return statistics.median(system.ask() for _ in range(REQUESTS))
