using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>Answers with problem details (RFC 9457): what was wrong and where, never what the body held.</summary>
internal static class ProblemAnswer
{
    private const int MaxElements = 100;

    public static Task WriteAsync(HttpResponse response, Refusal refusal) => WriteAsync(response, refusal, []);

    public static async Task WriteAsync(HttpResponse response, Refusal refusal, IReadOnlyList<RejectedElement> rejected)
    {
        ArrayBufferWriter<byte> content = new();
        using (Utf8JsonWriter json = new(content))
        {
            json.WriteStartObject();
            json.WriteString("title"u8, refusal.Title);
            json.WriteNumber("status"u8, refusal.Status);
            json.WriteString("detail"u8, refusal.Detail);
            if (rejected.Count > 0)
            {
                json.WriteStartArray("rejected"u8);
                foreach (RejectedElement element in rejected.Take(MaxElements))
                {
                    json.WriteStartObject();
                    json.WriteNumber("offset"u8, element.Offset);
                    json.WriteString("reason"u8, element.Reason);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        response.StatusCode = refusal.Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = content.WrittenCount;
        await response.Body.WriteAsync(content.WrittenMemory).ConfigureAwait(false);
    }
}
