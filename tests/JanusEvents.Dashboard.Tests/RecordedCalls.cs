using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using JanusEvents.Testing;

namespace JanusEvents.Dashboard.Tests;

/// <summary>Sends a recording as if it happened now: with the times of its events moved, at its own speed or faster.</summary>
internal static partial class RecordedCalls
{
    private const int MostAttempts = 10;

    /// <summary>Sends a whole recording.</summary>
    /// <param name="http">Sends it.</param>
    /// <param name="url">Where to.</param>
    /// <param name="name">The recording.</param>
    /// <param name="isLive">Whether it is sent at its own speed; at once otherwise, so that it lies in the past.</param>
    /// <param name="slowness">How many times longer than recorded it takes from then on.</param>
    /// <param name="liveFrom">From when on it is sent at its own speed; what came before is sent at once.</param>
    /// <param name="change">Changes a body before it is sent.</param>
    /// <param name="until">Sends only what arrived within this time after the first.</param>
    public static async Task SendAsync(
        HttpClient http, Uri url, string name, bool isLive = false, Func<string, string>? change = null, TimeSpan? until = null, TimeSpan? liveFrom = null, double slowness = 1)
    {
        IReadOnlyList<RecordedBody> bodies = Recordings.Bodies(name);
        DateTimeOffset first = bodies.First(b => b.ArrivedAt is not null).ArrivedAt!.Value;
        DateTimeOffset last = bodies.Last(b => b.ArrivedAt is not null).ArrivedAt!.Value;
        DateTimeOffset began = DateTimeOffset.UtcNow - (isLive ? TimeSpan.Zero : liveFrom ?? (until ?? last - first) + TimeSpan.FromSeconds(2));
        foreach (RecordedBody body in bodies)
        {
            if (body.ArrivedAt - first > until)
                break;
            TimeSpan wait = isLive || body.ArrivedAt - first > liveFrom ? began + (liveFrom ?? TimeSpan.Zero) + ((body.ArrivedAt!.Value - first - (liveFrom ?? TimeSpan.Zero)) * slowness) - DateTimeOffset.UtcNow : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            string json = Moved(Encoding.UTF8.GetString(body.Json), began - first);
            await PostAsync(http, url, Encoding.UTF8.GetBytes(change is null ? json : change(json)));
        }
    }

    // Again, as Janus does, where the host cut off the connection: on a busy machine a body may not be stored in time.
    private static async Task PostAsync(HttpClient http, Uri url, byte[] body)
    {
        for (int attempt = 1; ; attempt++)
        {
            using ByteArrayContent content = new(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            try
            {
                using HttpResponseMessage answer = await http.PostAsync(url, content);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (e.StatusCode is null && attempt < MostAttempts)
            {
            }
        }
    }

    private static string Moved(string json, TimeSpan by) => Timestamp().Replace(
        json, match => (long.Parse(match.Value, CultureInfo.InvariantCulture) + (by.Ticks / TimeSpan.TicksPerMicrosecond)).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex("(?<=\"timestamp\"\\s*:\\s*)\\d{15,17}")]
    private static partial Regex Timestamp();
}
