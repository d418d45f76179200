namespace JanusEvents.Core.Tests.Parsing;

public sealed class JanusEventParserOptionsTests
{
    [Theory]
    [InlineData(63)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_537)]
    public void A_depth_out_of_range_is_refused_with_its_range(int depth)
    {
        var make = () => new JanusEventParser(new JanusEventParserOptions { MaxDepth = depth });

        make.Should().Throw<ArgumentException>().WithMessage($"MaxDepth is {depth}; it must be 64 to 65536.");
    }

    [Theory]
    [InlineData(99)]
    [InlineData(0)]
    [InlineData(-5)]
    public void Fewer_elements_than_Janus_groups_are_refused_with_the_reason(int elements)
    {
        var make = () => new JanusEventParser(new JanusEventParserOptions { MaxElements = elements });

        make.Should().Throw<ArgumentException>()
            .WithMessage($"MaxElements is {elements}; it must be at least 100, the size of Janus's groups.");
    }

    [Theory]
    [InlineData(64, 100)]
    [InlineData(65_536, int.MaxValue)]
    public void The_ends_of_the_ranges_are_taken(int depth, int elements)
    {
        var make = () => new JanusEventParser(new JanusEventParserOptions { MaxDepth = depth, MaxElements = elements });

        make.Should().NotThrow();
    }

    [Fact]
    public void A_parser_keeps_the_limits_that_it_was_made_with()
    {
        JanusEventParserOptions options = new() { MaxElements = 100 };
        JanusEventParser parser = new(options);

        options.MaxElements = 1_000;

        parser.Parse(SampleEvents.Utf8($"[{string.Join(',', Enumerable.Repeat("{\"type\":1}", 101))}]")).Events.Should().HaveCount(100);
    }
}
