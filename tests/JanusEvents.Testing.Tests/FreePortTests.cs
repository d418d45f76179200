using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Loader;

namespace JanusEvents.Testing.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void A_port_is_none_that_a_connection_can_be_given_and_nothing_listens_on_it()
    {
        var (first, last) = FreePort.PortsOfConnections();

        int port = FreePort.Next();

        (port < first || port > last).Should().BeTrue($"{port} is to be outside of {first} to {last}");
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Invoking(socket => socket.Start()).Should().NotThrow();
    }

    [Fact]
    public void A_port_is_given_once_on_a_machine()
    {
        int port = FreePort.Next();

        // Loaded a second time, the class knows as little of the first as that of another process.
        var another = new AssemblyLoadContext("another process", isCollectible: true)
            .LoadFromAssemblyPath(typeof(FreePort).Assembly.Location)
            .GetType(typeof(FreePort).FullName!, throwOnError: true)!
            .GetMethod(nameof(FreePort.TryClaim), BindingFlags.Static | BindingFlags.NonPublic)!;

        another.Invoke(null, [port]).Should().Be(false);
        FreePort.Next().Should().NotBe(port);
    }

    [Fact]
    public void A_port_that_something_listens_on_is_not_given()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        FreePort.TryClaim(((IPEndPoint)listener.LocalEndpoint).Port).Should().BeFalse();
    }
}
