using JanusEvents.Tool.Output;

namespace JanusEvents.Tool.Tests;

/// <summary>Progress as a terminal and as a file get it.</summary>
public sealed class ProgressDisplayTests : IDisposable
{
    private readonly StringWriter _errors = new() { NewLine = "\n" };
    private readonly Clock _clock = new();

    public void Dispose() => _errors.Dispose();

    [Fact]
    public void A_file_gets_a_line_every_two_seconds_and_no_bar()
    {
        using (ProgressDisplay display = new(_errors, terminalWidth: null, _clock))
        {
            for (int i = 1; i <= 50; i++)
            {
                _clock.Milliseconds += 100;
                display.Show(i / 50.0, $"{i} events");
                display.ShowBar(i / 50.0, "only for a terminal");
            }

            display.WriteLine("done");
        }

        _errors.ToString().Should().Be("20 events\n40 events\ndone\n");
    }

    [Fact]
    public void A_terminal_gets_a_bar_that_is_redrawn_in_its_line_and_gone_at_the_end()
    {
        using (ProgressDisplay display = new(_errors, terminalWidth: 60, _clock))
        {
            _clock.Milliseconds += 100;
            display.Show(0.5, "a.ndjson: 10 events");
            _clock.Milliseconds += 99;
            display.Show(0.6, "too soon");
            _clock.Milliseconds += 1;
            display.Show(1, "20 events");
            display.WriteLine("line 7: invalid");
        }

        const string Half = "[############------------]  50% a.ndjson: 10 events";
        string full = "[########################] 100% 20 events";
        string erased = $"\r{new string(' ', full.Length)}\r";
        _errors.ToString().Should().Be(
            $"\r{Half}\r" + $"\r{full.PadRight(Half.Length)}\r" + erased + "line 7: invalid\n" + $"\r{full}\r" + erased);
    }

    [Fact]
    public void Where_the_end_is_unknown_the_bar_is_its_text_and_never_longer_than_the_terminal_is_wide()
    {
        using ProgressDisplay display = new(_errors, terminalWidth: 11, _clock);
        _clock.Milliseconds += 100;

        display.Show(part: null, "1234567 events");

        _errors.ToString().Should().Be("\r1234567 ev\r");
    }

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
