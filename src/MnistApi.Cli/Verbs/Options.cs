using System.CommandLine;

namespace MnistApi.Cli.Verbs;

internal static class Options
{
    /// <summary>An option with a default; a value that is not as expected is bad usage.</summary>
    public static Option<T> Of<T>(string name, string description, T value, Func<T, bool>? isValid = null, string expected = "")
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            try
            {
                if (isValid is not null && result.GetValueOrDefault<T>() is { } given && !isValid(given))
                    result.AddError($"{name}: expected {expected}, got {given}");
            }
            catch (InvalidOperationException)
            {
                // no T at all: the parser says so itself
            }
        });
        return option;
    }
}
