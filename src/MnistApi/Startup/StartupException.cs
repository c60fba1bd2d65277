namespace MnistApi.Startup;

/// <summary>The service cannot start as it is configured; the message says what to change.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A failure's message with its causes', on one line; one of this kind says it all itself.</summary>
    internal static string Sentence(Exception failure)
    {
        if (failure is StartupException)
            return failure.Message;
        var messages = new List<string>();
        for (var current = failure; current is not null; current = current.InnerException)
        {
            if (!messages.Any(message => message.Contains(current.Message, StringComparison.Ordinal)))
                messages.Add(current.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '));
        }
        return string.Join(": ", messages) + ".";
    }
}
