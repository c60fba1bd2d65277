using System.Text.Json;

namespace MnistApi.Predict;

/// <summary>Refuses what is not JSON, with the place in the whole body: its readers only see parts of it.</summary>
internal static class JsonFault
{
    /// <summary>Whether a reader of JSON failed because of its text.</summary>
    public static bool Is(Exception error) => error is JsonException or InvalidOperationException; // the latter where it is not UTF-8

    public static RefusedException Refuse(ReadOnlySpan<byte> body, Exception error)
    {
        var json = new Utf8JsonReader(Evident.WithoutMark(body));
        try
        {
            while (json.Read())
            {
                // up to the fault
            }
        }
        catch (JsonException first)
        {
            return JsonRefusal.Of(body, first);
        }
        return JsonRefusal.Of(body, error, hasPosition: false);
    }
}
