using System.Diagnostics;

namespace JanusEvents.FaultHost.Faults;

/// <summary>Ends the process as <c>kill -9</c> does: nothing is flushed, closed or said.</summary>
internal static class Death
{
    public static void Come()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
