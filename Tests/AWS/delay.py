"""A proxy through which what clients say comes later, as to a server further away."""

import asyncio
import threading


class Delay(asyncio.Protocol):
    """One connection through which what the client says comes later."""

    def __init__(self, port, seconds):
        self.port, self.seconds = port, seconds

    def connection_made(self, transport):
        self.client, self.early = transport, []
        self.server = None
        asyncio.ensure_future(self.connect())

    async def connect(self):
        outer = self

        class Back(asyncio.Protocol):
            def data_received(self, data):
                outer.client.write(data)

            def connection_lost(self, error):
                outer.client.close()

        self.server, _ = await asyncio.get_running_loop().create_connection(Back, "127.0.0.1", self.port)
        for data in self.early:
            self.later(data)

    def later(self, data):
        asyncio.get_running_loop().call_later(self.seconds, self.server.write, data)

    def data_received(self, data):
        if self.server:
            self.later(data)
        else:
            self.early.append(data)

    def connection_lost(self, error):
        if self.server:
            self.server.close()


def port(other, seconds):
    """The port of a proxy before another one, which runs beside this thread."""
    made = threading.Event()
    ports = []

    async def serve():
        server = await asyncio.get_running_loop().create_server(lambda: Delay(other, seconds), "127.0.0.1", 0, backlog=256)
        ports.append(server.sockets[0].getsockname()[1])
        made.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    made.wait()
    return ports[0]
