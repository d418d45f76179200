using System.Net.WebSockets;
using System.Text;
using JanusEvents.AspNetCore.Content;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Delivery;
using JanusEvents.Observation;
using JanusEvents.Testing;

namespace JanusEvents.AspNetCore.Tests.Content;

/// <summary>Messages from fragments, and the memory that they hold.</summary>
public sealed class MessageReaderTests : IDisposable
{
    private const int Limit = 40_000;

    private readonly CancellationTokenSource _givingUp = new();
    private readonly JanusEventsMeter _meter = new();
    private readonly ByteReservation _memory;
    private readonly FragmentSocket _socket = new();
    private readonly MessageReader _reader;

    public MessageReaderTests()
    {
        _memory = new ByteBudget(1_000_000, _meter).Open();
        _reader = Reader(TimeProvider.System);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _memory.Dispose();
        _meter.Dispose();
        _socket.Dispose();
        _givingUp.Dispose();
    }

    [Fact]
    public async Task Fragments_become_one_message_and_the_next_has_an_array_of_its_own()
    {
        _socket.Arrive("[{", end: false).Arrive("", end: false).Arrive("}]").Arrive("{}");

        ReceivedMessage first = await ReadAsync();
        ReceivedMessage second = await ReadAsync();

        (Text(first), first.Cut).Should().Be(("[{}]", null));
        (Text(second), second.Cut).Should().Be(("{}", null));
        _memory.Held.Should().Be(6, "each message holds as much as it has");
    }

    [Fact]
    public async Task An_empty_message_holds_nothing()
    {
        _socket.Arrive("").Arrive("", end: false).Arrive("");

        (await ReadAsync()).Should().Be(new ReceivedMessage(Array.Empty<byte>(), Cut: null));
        Text(await ReadAsync()).Should().BeEmpty();
        _memory.Held.Should().Be(0);
    }

    [Fact]
    public async Task Nothing_is_reserved_while_a_message_is_waited_for()
    {
        Task<ReceivedMessage?> reading = _reader.ReadAsync(_memory).AsTask();
        await _socket.WaitedForAsync();

        _memory.Held.Should().Be(0);
        _socket.Arrive("{}");
        Text((await reading.WaitAsync(Wait.Limit))!).Should().Be("{}");
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(Limit)]
    public async Task A_message_up_to_the_limit_is_read_whole(int length)
    {
        string sent = new('x', length);
        _socket.Arrive(sent).Arrive("{}");

        ReceivedMessage message = await ReadAsync();

        Text(message).Should().Be(sent);
        message.Cut.Should().BeNull();
        _memory.Held.Should().Be(length);
        Text(await ReadAsync()).Should().Be("{}");
    }

    [Fact]
    public async Task A_message_of_exactly_the_limit_whose_end_comes_by_itself_is_whole()
    {
        _socket.Arrive(new string('x', Limit), end: false).Arrive("");

        ReceivedMessage message = await ReadAsync();

        (message.Bytes.Length, message.Cut).Should().Be((Limit, null));
    }

    [Fact]
    public async Task Of_a_message_beyond_the_limit_its_beginning_is_kept_and_the_next_is_read()
    {
        _socket.Arrive(new string('x', Limit), end: false).Arrive(new string('y', 10_000)).Arrive("{}");

        ReceivedMessage message = await ReadAsync();

        Text(message).Should().Be(new string('x', Limit));
        message.Cut.Should().Be("it has 50000 bytes, and the limit of this endpoint is 40000");
        Text(await ReadAsync()).Should().Be("{}");
        _reader.End.Should().BeNull();
    }

    [Fact]
    public async Task A_message_one_byte_beyond_the_limit_is_cut()
    {
        _socket.Arrive(new string('x', Limit), end: false).Arrive("y");

        (await ReadAsync()).Cut.Should().Be("it has 40001 bytes, and the limit of this endpoint is 40000");
    }

    [Fact]
    public async Task Memory_grows_with_what_has_arrived_of_a_message_and_never_beyond_the_limit()
    {
        _socket.Arrive("[", end: false);
        Task<ReceivedMessage?> reading = _reader.ReadAsync(_memory).AsTask();
        await Wait.UntilAsync(() => _memory.Held > 0, Wait.Limit, "the reader to reserve memory");
        long atFirst = _memory.Held;
        _socket.Arrive(new string('x', Limit - 1), end: false);
        await Wait.UntilAsync(() => _memory.Held == Limit, Wait.Limit, "the reader to take all");
        _socket.Arrive("");

        (await reading.WaitAsync(Wait.Limit))!.Bytes.Length.Should().Be(Limit);
        atFirst.Should().Be(16 * 1024);
    }

    [Fact]
    public async Task After_a_close_there_are_no_more_messages()
    {
        _socket.Arrive("{}").Close().Arrive("never read");

        Text(await ReadAsync()).Should().Be("{}");
        (await _reader.ReadAsync(_memory)).Should().BeNull();
        (await _reader.ReadAsync(_memory)).Should().BeNull();
        _reader.End.Should().Be("it was closed");
    }

    [Fact]
    public async Task A_message_that_is_cut_is_kept_with_the_reason()
    {
        _socket.Arrive("[{\"a\":", end: false).Close();

        ReceivedMessage message = await ReadAsync();

        (Text(message), message.Cut).Should().Be(("[{\"a\":", "the connection ended: it was closed inside a message"));
        (await _reader.ReadAsync(_memory)).Should().BeNull();
    }

    [Fact]
    public async Task A_connection_that_is_lost_between_messages_leaves_none()
    {
        _socket.Lose();

        (await _reader.ReadAsync(_memory)).Should().BeNull();
        _reader.End.Should().Be("it was lost");
    }

    [Fact]
    public async Task A_connection_that_is_lost_inside_a_message_leaves_its_beginning()
    {
        _socket.Arrive("[", end: false).Lose();

        ReceivedMessage message = await ReadAsync();

        (Text(message), message.Cut).Should().Be(("[", "the connection ended: it was lost"));
    }

    [Fact]
    public async Task A_sender_that_falls_silent_inside_a_message_is_given_up_and_one_that_is_silent_between_messages_is_not()
    {
        using MessageReader reader = Reader(new ScaledTime());
        Task<ReceivedMessage?> reading = reader.ReadAsync(_memory).AsTask();
        await _socket.WaitedForAsync();
        _socket.Arrive("[", end: false);

        ReceivedMessage? message = await reading.WaitAsync(Wait.Limit);

        message!.Cut.Should().Be("the connection ended: it was aborted");
        _socket.LimitedWaits.Should().Be(1, "the wait for the beginning of a message has no limit");
    }

    [Fact]
    public async Task Once_the_end_is_near_a_message_is_not_waited_for_for_long()
    {
        using MessageReader reader = Reader(new ScaledTime());
        Task<ReceivedMessage?> reading = reader.ReadAsync(_memory).AsTask();
        await _socket.WaitedForAsync();

        reader.ExpectEnd();

        (await reading.WaitAsync(Wait.Limit)).Should().BeNull();
        reader.End.Should().Be("it was aborted");
    }

    [Fact]
    public async Task Giving_up_ends_the_wait_for_memory()
    {
        using ByteReservation full = new ByteBudget(10, _meter).Open();
        await full.AddAsync(10, CancellationToken.None);
        full.Settle();
        using ByteReservation none = full.Budget.Open();
        _socket.Arrive("{", end: false);
        Task<ReceivedMessage?> reading = _reader.ReadAsync(none).AsTask();
        await Wait.UntilAsync(() => full.Budget.Waiting == 1, Wait.Limit, "the reader to wait for memory");

        await _givingUp.CancelAsync();

        (await reading.WaitAsync(Wait.Limit)).Should().BeNull("no byte was read");
        none.Held.Should().Be(0);
    }

    private MessageReader Reader(TimeProvider time) => new(_socket, Limit, time, _givingUp.Token);

    private async Task<ReceivedMessage> ReadAsync() => (await _reader.ReadAsync(_memory).AsTask().WaitAsync(Wait.Limit))!;

    private static string Text(ReceivedMessage message) => Encoding.UTF8.GetString(message.Bytes.Span);
}
