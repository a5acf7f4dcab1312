"""What managers take while nothing happens."""
import time

from machine import activity, memory
from measures import running

# V8 tidies its heap from the eighth to the tenth second after the last work, then rests.
IDLE_S = 15
WINDOW_S = 20


def measure_idle(make, rounds, results):
    """Wake-ups, CPU and memory of managers, each in as many copies as there are rounds, all idle at once."""
    systems = [system for copy in range(rounds) for system in make(f'idle{copy}')]
    with running(systems):
        # Asking for the pids is work, too.
        managers = [set(system.managers()) for system in systems]
        own = [system.own_pids() for system in systems]
        time.sleep(IDLE_S)
        before = [[activity(pid) for pid in pids] for pids in own]
        time.sleep(WINDOW_S)
        after = [[activity(pid) for pid in pids] for pids in own]
        for system, leading, pids, earlier, later in zip(systems, managers, own, before, after):
            used = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(earlier, later)]
            results.add('wakeups', system, sum(wakeups for wakeups, _ in used))
            results.add('cpu', system, sum(cpu for _, cpu in used) / 1e6)
            for suffix, part in ('', leading), ('-helpers', set(pids) - leading):
                resident, dirty = (sum(each) for each in zip((0, 0), *map(memory, part)))
                results.add(f'resident{suffix}', system, resident)
                results.add(f'dirty{suffix}', system, dirty)
