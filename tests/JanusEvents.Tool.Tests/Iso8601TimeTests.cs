using JanusEvents.Tool.Arguments;

namespace JanusEvents.Tool.Tests;

/// <summary>Times on the command line.</summary>
public sealed class Iso8601TimeTests
{
    [Theory]
    [InlineData("2026-07-01", "2026-07-01T00:00:00.0000000+00:00")]
    [InlineData("2026-07-01T14:00", "2026-07-01T14:00:00.0000000+00:00")]
    [InlineData("2026-07-01 14:00:05.25", "2026-07-01T14:00:05.2500000+00:00")]
    [InlineData("2026-07-01T14:00:05Z", "2026-07-01T14:00:05.0000000+00:00")]
    [InlineData("2026-07-01T14:00+02:00", "2026-07-01T14:00:00.0000000+02:00")]
    public void A_time_is_in_UTC_unless_it_has_an_offset(string text, string time) =>
        Iso8601Time.Read(text)!.Value.ToString("O").Should().Be(time);

    [Theory]
    [InlineData("")]
    [InlineData("1st of May")]
    [InlineData("2026-02-30")]
    [InlineData("07/01/2026")]
    [InlineData("2026-07-01+02:00")]
    public void Another_text_is_no_time(string text) => Iso8601Time.Read(text).Should().BeNull();
}
