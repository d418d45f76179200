using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace JanusEvents.Testing;

/// <summary>A network namespace that processes can be started in.</summary>
/// <param name="Name">Its name for <c>ip netns</c>.</param>
/// <param name="Address">The address of its end of the link to the other one.</param>
public sealed partial record NetworkNamespace(string Name, string Address)
{
    private const int OfNetwork = 0x40000000;

    /// <summary>What to put before a command so that it runs inside.</summary>
    internal IReadOnlyList<string> Enter => [ProgramPath.Require("ip"), "netns", "exec", Name];

    /// <summary>Listens inside, on a free port of its loopback. A socket stays in the namespace of the thread that opened it.</summary>
    public TcpListener Listen()
    {
        TcpListener? listener = null;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{Name}");
                if (SetNamespace((int)file.DangerousGetHandle(), OfNetwork) != 0)
                    throw new InvalidOperationException($"The namespace {Name} cannot be entered: error {Marshal.GetLastPInvokeError()}.");
                listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
            }
#pragma warning disable CA1031 // Thrown below, on the thread of the caller.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? listener! : throw new InvalidOperationException("There is no listener in the namespace.", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int file, int kind);
}
