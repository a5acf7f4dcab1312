"""Supervisors with a command line that talks to a manager: supervisord and pm2."""
import json
import os
import subprocess
import sys
import time

from machine import HERE, NODE, PROJECT, USERS_ENVIRONMENT, quietly, say
from system import System, missing


class Supervisord(System):
    """Debian package supervisor."""

    name = 'supervisord'

    @classmethod
    def absence(cls):
        return missing('supervisord', 'supervisorctl')

    def prepare(self):
        with open(f'{HERE}/supervisord.conf') as file:
            text = file.read().replace('{folder}', self.folder).replace('{program}', ' '.join(self.program))
        conf = self.write('s.conf', text)
        control = ['supervisorctl', '-c', conf]
        self.start_argv = ['supervisord', '-c', conf]
        self.restart_argv, self.stop_argv, self.status_argv = (
            [*control, verb, 'program'] for verb in ('start', 'stop', 'status')
        )
        body = (
            '<?xml version="1.0"?><methodCall><methodName>supervisor.getProcessInfo</methodName>'
            '<params><param><value><string>program</string></value></param></params></methodCall>'
        )
        lines = ['POST /RPC2 HTTP/1.1', 'Host: l', 'Content-Type: text/xml', f'Content-Length: {len(body)}', '', '']
        head = '\\r\\n'.join(lines)
        self.dialogue = (f'{self.folder}/s.sock', '', head + body, 'HTTP')

    def managers(self):
        with open(f'{self.folder}/s.pid') as file:
            return [int(file.read())]

    def down(self):
        (manager,) = self.managers()
        os.kill(manager, 15)
        while os.path.exists(f'/proc/{manager}'):
            time.sleep(.01)


class Pm2(System):
    """npm package pm2: $PM2, or what `bench.py --install` put into .artifacts/bench."""

    name = 'pm2'
    prefix = f'{PROJECT}/.artifacts/bench'

    @classmethod
    def command(cls):
        """The file that Node runs."""
        return os.environ.get('PM2') or f'{cls.prefix}/node_modules/.bin/pm2'

    @classmethod
    def install(cls):
        """Gets it from the registry that npm is set to."""
        say(f'installing pm2 into {cls.prefix}')
        os.makedirs(cls.prefix, exist_ok=True)
        argv = ['npm', 'install', 'pm2', '--prefix', '.', '--no-audit', '--no-fund', '--loglevel=error']
        streams = {'stdin': subprocess.DEVNULL, 'stdout': sys.stderr}
        subprocess.run(argv, cwd=cls.prefix, env=USERS_ENVIRONMENT, check=True, timeout=300, **streams)

    @classmethod
    def absence(cls):
        return None if os.path.exists(cls.command()) else f'no {cls.command()}: set PM2 or add --install'

    def prepare(self):
        self.env.update(PM2_HOME=f'{self.folder}/pm2', PM2_DISCRETE_MODE='1')
        command, *arguments = self.program
        app = {'name': 'program', 'script': command, 'args': arguments, 'interpreter': 'none'}
        apps = self.write('apps.config.json', json.dumps({'apps': [app]}))
        words = [NODE, os.path.realpath(self.command())]
        self.start_argv, self.stop_argv = [*words, 'start', apps], [*words, 'stop', 'program']
        self.status_argv, self.kill_argv = [*words, 'ls'], [*words, 'kill']

    def managers(self):
        with open(f'{self.folder}/pm2/pm2.pid') as file:
            return [int(file.read())]

    def down(self):
        quietly(self.kill_argv, self.env)
