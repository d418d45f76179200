using System.Text.Json;

namespace JanusEvents.Dashboard.Calls;

/// <summary>
/// The statistics of one medium over time: what happened between two reports, simulcast layers added up. As many points as there are
/// reports, and fewer when they are written for a chart.
/// </summary>
internal sealed class MediumPoints
{
    private const int MostShown = 600;
    private const int MostKept = 100_000;
    private const long RoundLasts = 300;

    private readonly Dictionary<string, MediaStatsEvent> _last = new(StringComparer.Ordinal);
    private readonly List<Point> _points = [];
    private Point _open;
    private long _lastAt;
    private int _written;

    /// <summary>Whether there are points that were not written yet.</summary>
    public bool HasNew => _written < _points.Count;

    /// <summary>Takes statistics of the medium.</summary>
    public void Add(MediaStatsEvent e, long at)
    {
        if (_open.At != 0 && at - _open.At > RoundLasts)
            Close();
        if (at + RoundLasts < _lastAt || _points.Count >= MostKept)
            return;
        if (_open.At == 0)
            _open.At = at;
        string layer = e.Media ?? "";
        if (_last.TryGetValue(layer, out MediaStatsEvent? last))
        {
            long received = Delta(e.PacketsReceived, last.PacketsReceived), sent = Delta(e.PacketsSent, last.PacketsSent);
            if (received >= 0 && sent >= 0)
            {
                _open.Received += received;
                _open.Sent += sent;
                _open.LostIn += Delta(e.Lost, last.Lost) - Math.Max(0, Delta(e.RetransmissionsReceived, last.RetransmissionsReceived));
                _open.LostOut += Delta(e.LostByRemote, last.LostByRemote);
                _open.BytesIn += Math.Max(0, Delta(e.BytesReceived, last.BytesReceived));
                _open.BytesOut += Math.Max(0, Delta(e.BytesSent, last.BytesSent));
            }
        }

        _last[layer] = e;
        _open.Rtt = Greater(_open.Rtt, e.Rtt);
        _open.JitterIn = Greater(_open.JitterIn, e.JitterLocal);
        _open.JitterOut = Greater(_open.JitterOut, e.JitterRemote);
    }

    /// <summary>Closes the report that is open, once no more can come of it.</summary>
    public void CloseBefore(long at)
    {
        if (_open.At != 0 && at - _open.At > RoundLasts)
            Close();
    }

    /// <summary>Writes all points, at most 600, or those that were not written yet.</summary>
    public void Write(Utf8JsonWriter writer, bool all)
    {
        int from = all ? 0 : _written;
        int each = all ? Math.Max(1, (_points.Count + MostShown - 1) / MostShown) : 1;
        long usual = UsualGap();
        long before = from == 0 ? 0 : _points[from - 1].At;
        writer.WriteStartArray();
        for (int i = from; i < _points.Count; i += each)
        {
            Point sum = _points[i];
            for (int j = i + 1; j < Math.Min(i + each, _points.Count); j++)
                sum.Add(_points[j]);
            if (before != 0 && sum.FirstAt - before > usual)
                WriteGap(writer, before + 1);
            before = sum.At;
            sum.Write(writer);
        }

        writer.WriteEndArray();
        _written = _points.Count;
    }

    private static void WriteGap(Utf8JsonWriter writer, long at)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(at);
        for (int i = 0; i < 7; i++)
            writer.WriteNullValue();
        writer.WriteEndArray();
    }

    // Three reports missing are a gap.
    private long UsualGap()
    {
        if (_points.Count < 2)
            return long.MaxValue;
        long[] gaps = [.. _points.Skip(1).Take(200).Select(p => p.Milliseconds).Order()];
        return Math.Max(3_500, gaps[gaps.Length / 2] * 7 / 2);
    }

    private void Close()
    {
        _open.Milliseconds = _lastAt == 0 ? 0 : _open.At - _lastAt;
        _open.FirstAt = _open.At;
        _lastAt = _open.At;
        _points.Add(_open);
        _open = default;
    }

    private static long Delta(long? now, long? before) => (now ?? 0) - (before ?? 0);

    private static int? Greater(int? one, long? other) =>
        other is null ? one : Math.Max(one ?? 0, (int)Math.Clamp(other.Value, 0, int.MaxValue));

    /// <summary>The traffic between two reports, or over several of them.</summary>
    private struct Point
    {
        public long At, FirstAt, Milliseconds, Received, Sent, LostIn, LostOut, BytesIn, BytesOut;
        public int? Rtt, JitterIn, JitterOut;

        public void Add(in Point next)
        {
            At = next.At;
            Milliseconds += next.Milliseconds;
            Received += next.Received;
            Sent += next.Sent;
            LostIn += next.LostIn;
            LostOut += next.LostOut;
            BytesIn += next.BytesIn;
            BytesOut += next.BytesOut;
            Rtt = Greater(Rtt, next.Rtt);
            JitterIn = Greater(JitterIn, next.JitterIn);
            JitterOut = Greater(JitterOut, next.JitterOut);
        }

        public readonly void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(At);
            Write(writer, Received + Math.Max(0, LostIn) > 0 ? Math.Clamp((double)Math.Max(0, LostIn) / (Received + Math.Max(0, LostIn)), 0, 1) : null, 4);
            Write(writer, Sent > 0 ? Math.Clamp((double)Math.Max(0, LostOut) / Sent, 0, 1) : null, 4);
            Write(writer, Rtt is > 0 and <= 60_000 ? Rtt : null, 0);
            Write(writer, Received > 0 && JitterIn <= 60_000 ? JitterIn : null, 0);
            Write(writer, Sent > 0 && JitterOut <= 60_000 ? JitterOut : null, 0);
            Write(writer, Milliseconds > 0 ? BytesIn * 8_000.0 / Milliseconds : null, 0);
            Write(writer, Milliseconds > 0 ? BytesOut * 8_000.0 / Milliseconds : null, 0);
            writer.WriteEndArray();
        }

        private static void Write(Utf8JsonWriter writer, double? value, int digits)
        {
            if (value is { } known)
                writer.WriteNumberValue(Math.Round(known, digits));
            else
                writer.WriteNullValue();
        }
    }
}
