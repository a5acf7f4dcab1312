"""The systems whose logs are compared, each with one program."""
import os
import signal
import socket
import subprocess
import time

from machine import HERE, PROJECT

ZEOCTL = ['node', os.environ.get('ZEOCTL') or f'{PROJECT}/dist/zeoctl.cjs']
PM2 = os.environ.get('PM2') or f'{PROJECT}/.artifacts/bench/node_modules/.bin/pm2'


def run(argv, **options):
    """Runs a command without input, its output thrown away."""
    return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


class Zeoctl:
    """Direct mode as it is by default."""

    name, section = 'zeoctl direct', ''
    # Whether all output is still there when the program is done.
    keeps_all = False

    def up(self, folder, program):
        """Starts the program, with everything in the folder."""
        with open(f'{folder}/d.conf', 'w') as file:
            file.write(f'<runner>\nprogram {" ".join(program)}\nsocket-name {folder}/s\ntranscript {folder}/out.log\n</runner>\n{self.section}')
        self.argv = [*ZEOCTL, '-C', f'{folder}/d.conf']
        run([*self.argv, 'start'], cwd=folder, check=True)
        self.logs = f'{folder}/out.log*'
        self.socket, self.request = f'{folder}/s', b'status\n'

    def manager(self, program):
        """The process that has the program as its child."""
        with open(f'/proc/{program}/status') as file:
            return next(int(line.split()[1]) for line in file if line.startswith('PPid'))

    def ask(self):
        """One question on a connection of its own; its time in µs."""
        begin = time.monotonic_ns()
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(self.socket)
            client.sendall(self.request)
            length = 0
            while chunk := client.recv(65536):
                length += len(chunk)
        if not length:
            raise OSError('no reply')
        return (time.monotonic_ns() - begin) / 1e3

    def down(self):
        """Ends the program and its manager."""
        run([*self.argv, 'stop'])


class ZeoctlKept(Zeoctl):
    """Direct mode without limits on what is kept."""

    name, keeps_all = 'zeoctl kept', True
    section = '<transcript>\nold-files 1000\ntotal-size 100GB\n</transcript>\n'


class ZeoctlPump(Zeoctl):
    """Pump mode that keeps all, and never drops a line."""

    name, keeps_all = 'zeoctl pump', True
    section = '<transcript>\nmode pump\non-slow block\nmax-size 100MB\nold-files 1000\ntotal-size 100GB\n</transcript>\n'


class Supervisord(Zeoctl):
    """Of the system's packages."""

    name, keeps_all = 'supervisord', True

    def up(self, folder, program):
        with open(f'{HERE}/supervisord.conf') as file:
            text = file.read().replace('{folder}', folder).replace('{program}', ' '.join(program))
        with open(f'{folder}/s.conf', 'w') as file:
            file.write(text)
        run(['supervisord', '-c', f'{folder}/s.conf'], check=True)
        self.pidfile, self.logs = f'{folder}/s.pid', f'{folder}/program.log*'
        body = (
            '<?xml version="1.0"?><methodCall><methodName>supervisor.getProcessInfo</methodName>'
            '<params><param><value><string>program</string></value></param></params></methodCall>'
        )
        head = f'POST /RPC2 HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n'
        self.socket, self.request = f'{folder}/s.sock', (head + body).encode()

    def down(self):
        with open(self.pidfile) as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGTERM)
        while os.path.exists(f'/proc/{pid}'):
            time.sleep(.01)


class Pm2(Zeoctl):
    """Of npm; never rotates."""

    name, keeps_all = 'pm2', True

    def up(self, folder, program):
        self.env = dict(os.environ, PM2_HOME=f'{folder}/pm2')
        self.argv = ['node', PM2]
        command = ['start', program[0], '--interpreter', 'none', '-o', f'{folder}/out.log', '-e', f'{folder}/err.log', '--', *program[1:]]
        run([*self.argv, *command], env=self.env, check=True)
        self.logs = f'{folder}/out.log'

    def down(self):
        run([*self.argv, 'kill'], env=self.env)
