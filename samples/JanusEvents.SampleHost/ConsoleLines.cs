using System.Threading.Channels;

namespace JanusEvents.SampleHost;

/// <summary>
/// Lines on their way to the console, which may be slow or stopped (Ctrl+S). Those that find no place are left out and
/// counted, so that nobody waits for a console.
/// </summary>
internal sealed class ConsoleLines : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly Task _printing;
    private int _leftOut;

    public ConsoleLines() => _printing = Task.Run(PrintAsync);

    public void Write(string line)
    {
        if (!_lines.Writer.TryWrite(line))
            Interlocked.Increment(ref _leftOut);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await Task.WhenAny(_printing, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    private async Task PrintAsync()
    {
        await foreach (string line in _lines.Reader.ReadAllAsync())
        {
            Console.WriteLine(line);
            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and int leftOut)
                Console.WriteLine($"({leftOut} lines were left out here, since the console was too slow)");
        }
    }
}
