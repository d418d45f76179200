using System.Globalization;

namespace JanusEvents.Tool.Output;

/// <summary>Progress on standard error: a bar at the bottom of a terminal, lines elsewhere. One thread at a time.</summary>
/// <param name="errors">Standard error.</param>
/// <param name="terminalWidth">How many characters a line of the terminal has; null where it is no terminal.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressDisplay(TextWriter errors, int? terminalWidth, TimeProvider time) : IDisposable
{
    private const int BarWidth = 24;
    private const int UsualWidth = 80;
    private static readonly TimeSpan s_betweenBars = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(2);

    private long _shownAt = time.GetTimestamp();
    private string _bar = "";

    /// <summary>The one of this process.</summary>
    public static ProgressDisplay OnStandardError() =>
        new(Console.Error, Console.IsErrorRedirected ? null : WidthOfTerminal(), TimeProvider.System);

    /// <summary>Shows how far the work is: in the bar, or as a line every two seconds.</summary>
    /// <param name="part">How much of it is done, from 0 to 1; null where that is unknown.</param>
    /// <param name="text">The same in words.</param>
    public void Show(double? part, string text)
    {
        if (terminalWidth is not null)
            ShowBar(part, text);
        else if (IsTimeFor(s_betweenLines))
            errors.WriteLine(text);
    }

    /// <summary>Shows how far the work is, on a terminal only.</summary>
    /// <inheritdoc cref="Show"/>
    public void ShowBar(double? part, string text)
    {
        if (terminalWidth is not { } width || !IsTimeFor(s_betweenBars))
            return;

        Draw(Bar(part, text, width - 1));
    }

    /// <summary>Writes a line that stays.</summary>
    public void WriteLine(string line)
    {
        string bar = _bar;
        Draw("");
        errors.WriteLine(line);
        Draw(bar);
    }

    /// <summary>Removes the bar, until progress is shown again.</summary>
    public void Clear() => Draw("");

    /// <inheritdoc cref="Clear"/>
    public void Dispose() => Clear();

    private static string Bar(double? part, string text, int width)
    {
        string bar = text;
        if (part is { } some)
        {
            some = Math.Clamp(some, 0, 1);
            int done = (int)(some * BarWidth);
            bar = string.Create(
                CultureInfo.InvariantCulture, $"[{new string('#', done)}{new string('-', BarWidth - done)}] {(int)(some * 100),3}% {text}");
        }

        return bar.Length <= width ? bar : bar[..width];
    }

    private static int WidthOfTerminal()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }

    // The cursor goes back to the beginning, so that a line of the log goes over the bar, and not behind it.
    private void Draw(string bar)
    {
        if (bar.Length == 0 && _bar.Length == 0)
            return;

        errors.Write($"\r{bar.PadRight(_bar.Length)}\r");
        _bar = bar;
    }

    private bool IsTimeFor(TimeSpan interval)
    {
        if (time.GetElapsedTime(_shownAt) < interval)
            return false;

        _shownAt = time.GetTimestamp();
        return true;
    }
}
