using Microsoft.Win32.SafeHandles;

namespace JanusEvents.Tool.Output;

/// <summary>Standard output as bytes, with an error when nobody reads any more.</summary>
internal static class StandardOutput
{
    private const int Handle = 1;
    private const int BrokenPipe = 32;
    private const int BrokenPipeOnWindows = 109;
    private const int NoDataOnWindows = 232;

    public static Stream Open()
    {
        // The console's own stream silently drops what is written into a closed pipe. A file is not for a FileStream, which
        // keeps a position of its own.
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            FileStream pipe = new(new SafeFileHandle(Handle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
                return pipe;
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Whether the reader of a pipe has closed it, as <c>head</c> does when it has enough.</summary>
    public static bool IsClosedPipe(IOException e) => (e.HResult & 0xFFFF) is BrokenPipe or BrokenPipeOnWindows or NoDataOnWindows;
}
