using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace JanusEvents.Testing;

/// <summary>
/// Runs SQL over a server's Unix socket and returns each value as the text that the server sends (MySQL's text protocol),
/// whatever type the column has. No part of the driver that the library uses is involved.
/// </summary>
internal sealed class TextConnection : IDisposable
{
    private const byte Ok = 0x00;
    private const byte Null = 0xfb;
    private const byte End = 0xfe;
    private const byte Error = 0xff;

    private const byte Quit = 0x01;
    private const byte Query = 0x03;

    private const int LongestPacket = 0xff_ffff;
    private const int MoreResults = 0x0008;
    private const byte Utf8Mb4 = 45;
    private const string NoPassword = "mysql_native_password";

    [Flags]
    private enum Client
    {
        LongPassword = 0x1,
        ConnectWithDatabase = 0x8,
        Protocol41 = 0x200,
        Transactions = 0x2000,
        SecureConnection = 0x8000,
        MultiStatements = 0x1_0000,
        MultiResults = 0x2_0000,
        PluginAuthentication = 0x8_0000,
    }

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private BufferedStream? _input;
    private byte _sequence;

    private TextConnection()
    {
    }

    /// <summary>Runs SQL, one statement or several, as root without a password, on a connection of its own.</summary>
    /// <returns>The rows of all statements.</returns>
    /// <exception cref="InvalidOperationException">
    /// The server refused a statement ("ERROR 1146 (42S02): …"), or there is no server.
    /// </exception>
    public static async Task<IReadOnlyList<string?[]>> RunAsync(string path, string database, string sql)
    {
        try
        {
            using var connection = new TextConnection();
            await connection.OpenAsync(path, database).ConfigureAwait(false);
            var rows = await connection.QueryAsync(sql).ConfigureAwait(false);
            connection._sequence = 0;
            await connection.WriteAsync([Quit]).ConfigureAwait(false);
            return rows;
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{e.Message} ({sql})", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input?.Dispose();
        _socket.Dispose();
    }

    private async Task OpenAsync(string path, string database)
    {
        await _socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).ConfigureAwait(false);
        _input = new BufferedStream(new NetworkStream(_socket), 16 * 1024);
        ThrowIfError(await ReadAsync().ConfigureAwait(false));

        const Client Capabilities = Client.LongPassword | Client.ConnectWithDatabase | Client.Protocol41 | Client.Transactions
            | Client.SecureConnection | Client.MultiStatements | Client.MultiResults | Client.PluginAuthentication;
        var login = new byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(login, (int)Capabilities);
        BinaryPrimitives.WriteInt32LittleEndian(login.AsSpan(4), LongestPacket);
        login[8] = Utf8Mb4;
        await WriteAsync([.. login, .. "root\0\0"u8, .. Encoding.UTF8.GetBytes($"{database}\0{NoPassword}\0")]).ConfigureAwait(false);

        var answer = await ReadAsync().ConfigureAwait(false);
        if (answer[0] == End)
        {
            // The account has another plugin: no password either.
            await WriteAsync([]).ConfigureAwait(false);
            answer = await ReadAsync().ConfigureAwait(false);
        }

        ThrowIfError(answer);
    }

    private async Task<List<string?[]>> QueryAsync(string sql)
    {
        List<string?[]> rows = [];
        _sequence = 0;
        await WriteAsync([Query, .. Encoding.UTF8.GetBytes(sql)]).ConfigureAwait(false);
        int status;
        do
            status = await ReadResultAsync(rows).ConfigureAwait(false);
        while ((status & MoreResults) != 0);
        return rows;
    }

    /// <summary>Adds the rows of one statement, and returns the server's status.</summary>
    private async Task<int> ReadResultAsync(List<string?[]> rows)
    {
        var packet = await ReadAsync().ConfigureAwait(false);
        ThrowIfError(packet);
        if (packet[0] == Ok)
            return StatusOfOk(packet);

        var columns = (int)Length(packet, out _)!;
        while (!IsEnd(await ReadAsync().ConfigureAwait(false)))
        {
            // A column's name and type: its values are text.
        }

        while (!IsEnd(packet = await ReadAsync().ConfigureAwait(false)))
        {
            ThrowIfError(packet);
            rows.Add(Row(packet, columns));
        }

        return BinaryPrimitives.ReadUInt16LittleEndian(packet.AsSpan(3));
    }

    private static string?[] Row(ReadOnlySpan<byte> packet, int columns)
    {
        var row = new string?[columns];
        foreach (ref var value in row.AsSpan())
        {
            if (Length(packet, out var size) is not { } length)
            {
                packet = packet[size..];
                continue;
            }

            value = Encoding.UTF8.GetString(packet.Slice(size, (int)length));
            packet = packet[(size + (int)length)..];
        }

        return row;
    }

    private static int StatusOfOk(ReadOnlySpan<byte> packet)
    {
        packet = packet[1..];
        Length(packet, out var changedRows);
        packet = packet[changedRows..];
        Length(packet, out var lastId);
        return BinaryPrimitives.ReadUInt16LittleEndian(packet[lastId..]);
    }

    /// <summary>A number of one to nine bytes; null where it stands for NULL.</summary>
    /// <param name="packet">What begins with it.</param>
    /// <param name="size">How many bytes it has.</param>
    private static ulong? Length(ReadOnlySpan<byte> packet, out int size)
    {
        size = packet[0] switch { 0xfc => 3, 0xfd => 4, End => 9, _ => 1 };
        if (size == 1)
            return packet[0] == Null ? null : packet[0];

        Span<byte> number = stackalloc byte[8];
        packet[1..size].CopyTo(number);
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    // A row may begin with the same byte: of a value of more than 16 MB.
    private static bool IsEnd(byte[] packet) => packet[0] == End && packet.Length < 9;

    private static void ThrowIfError(ReadOnlySpan<byte> packet)
    {
        if (packet[0] != Error)
            return;

        var code = BinaryPrimitives.ReadUInt16LittleEndian(packet[1..]);
        var message = Encoding.UTF8.GetString(packet[3..]);
        throw new InvalidOperationException(message.StartsWith('#') ? $"ERROR {code} ({message[1..6]}): {message[6..]}" : $"ERROR {code}: {message}");
    }

    private async Task<byte[]> ReadAsync()
    {
        var header = new byte[4];
        byte[] packet = [];
        int length;
        do
        {
            await _input!.ReadExactlyAsync(header).ConfigureAwait(false);
            length = header[0] | (header[1] << 8) | (header[2] << 16);
            _sequence = (byte)(header[3] + 1);
            var start = packet.Length;
            Array.Resize(ref packet, start + length);
            await _input.ReadExactlyAsync(packet.AsMemory(start)).ConfigureAwait(false);
        }
        while (length == LongestPacket);
        return packet;
    }

    private async Task WriteAsync(byte[] content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(content.Length, LongestPacket);
        byte[] packet = [(byte)content.Length, (byte)(content.Length >> 8), (byte)(content.Length >> 16), _sequence, .. content];
        for (var sent = 0; sent < packet.Length;)
            sent += await _socket.SendAsync(packet.AsMemory(sent)).ConfigureAwait(false);
    }
}
