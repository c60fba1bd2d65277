namespace MnistApi.Imaging;

/// <summary>Steps in words, for people who ask what happened to their picture: they read after "Your picture was".</summary>
public static class StepNames
{
    /// <summary>Every step there is, in the order of doing.</summary>
    public static IEnumerable<string> All => StepTable.All.Where(step => step.Kind != Steps.None).Select(step => step.Name);

    /// <summary>The steps that ran, in the order of doing; none where the picture passed unchanged.</summary>
    public static IEnumerable<string> Of(Steps steps) =>
        StepTable.All.Where(step => (steps & step.Kind) != 0).Select(step => step.Name);
}
