namespace MnistApi.Startup;

/// <summary>The service cannot start as it is configured; the message says what to change.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Ends a start that cannot succeed with one message instead of a stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>The started application, or null where it could not start and <paramref name="error"/> says why.</summary>
    public static async Task<WebApplication?> GuardAsync(TextWriter error, Func<Task<WebApplication>> start)
    {
        try
        {
            return await start();
        }
        catch (Exception failure) when (failure is not HostAbortedException)
        {
            await error.WriteLineAsync($"MnistApi cannot start: {(failure is StartupException ? failure.Message : Sentence(failure))}");
            return null;
        }
    }

    /// <summary>The message with its causes', on one line.</summary>
    public static string Sentence(Exception failure)
    {
        var messages = new List<string>();
        for (var current = failure; current is not null; current = current.InnerException)
        {
            if (!messages.Any(message => message.Contains(current.Message, StringComparison.Ordinal)))
                messages.Add(current.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '));
        }
        return string.Join(": ", messages) + ".";
    }
}
