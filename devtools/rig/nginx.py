"""nginx in front of the app's processes, routing by session: everybody of one session meets in one process."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from devtools.rig.programs import NotReady, Program, find, free_port, listens, missing

CONFIG = """
daemon off;
user root;  # only a root may change to somebody else; for everybody else this line does nothing
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    tcp_nodelay on;
    client_max_body_size 1m;
    client_body_timeout 10s;

    # max_fails=0: otherwise, after both were down, nginx goes on refusing for seconds when both are up again.
    # The browser puts the session's code into the socket's address; correctness never depends on the routing.
    upstream sockets {{ hash $arg_room consistent; {servers} }}
    upstream pages {{ least_conn; {servers} }}

    # A connection is kept for the next page, or becomes a websocket.
    map $http_upgrade $connection_now {{ default upgrade; "" ""; }}

    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_now;
        proxy_connect_timeout 2s;
        location /socket.io {{
            proxy_pass http://sockets;
            proxy_read_timeout 75s;
            proxy_buffering off;
        }}
        location / {{
            proxy_pass http://pages;
        }}
    }}
}}
"""


class Nginx:
    """`ports`: where the app's processes listen on this machine."""

    def __init__(self, folder: Path, ports: Sequence[int]) -> None:
        if lack := missing("nginx"):
            raise NotReady(lack)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
        config = folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=folder, servers=servers, port=self.port))
        words = ["-p", str(folder), "-c", str(config), "-e", "stderr"]
        self.program = Program([find("nginx") or "", *words], folder / "nginx.log")

    def __enter__(self) -> "Nginx":
        self.program.start(lambda _said: listens(self.port))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.program.stop()
