namespace MnistApi.Imaging;

/// <summary>
/// All that is done to a decoded picture, in the order of doing. A step takes the page as the ones before left it, changes it, and says
/// whether it did; the names read after "Your picture was".
/// </summary>
internal static class StepTable
{
    public static readonly Step[] All =
    [
        new("averaged to at most 512 pixels a side", page => page.Source.Cell > 1), // while it was decoded
        new("read by its opacity", Transparency.TakeAsInk),
        new("laid over white", Transparency.LayOverWhite),
        new("made grey along its ink's colour", InkColour.ToGrey),
        new("turned upright", Orientation.Turn),
        new("averaged to 28x28", MnistRecipe.Resize), // where nothing else was asked for
        new("", MnistRecipe.Pass), // as one of MNIST's own
        new("inverted", Background.Invert),
        new("freed of uneven light", Background.Remove),
        new("cleared of grain", InkLevels.Stretch),
        new("cleared of ruled lines", RuledLines.Remove),
        new("cleared of specks", DigitFinder.Find),
        new("thickened", StrokeWidth.Thicken),
        new("thinned", StrokeWidth.Thin),
        new("centred at MNIST's size", MnistRecipe.Apply),
    ];

    /// <summary>Does what is to be done, until the page's digits are as the network wants them; returns the names of what was.</summary>
    /// <exception cref="PictureException">There is nothing to read.</exception>
    public static IReadOnlyList<string> Run(Page page)
    {
        var done = new List<string>();
        foreach (var step in All.TakeWhile(_ => !page.IsRead))
        {
            if (step.Do(page))
                done.Add(step.Name);
        }
        return done;
    }

    /// <summary>Only what makes a page grey and upright.</summary>
    public static void ToGrey(Page page)
    {
        foreach (var step in All.TakeWhile(step => step.Do != MnistRecipe.Resize))
            step.Do(page);
    }

    /// <summary>One step.</summary>
    /// <param name="Name">What it is to a caller.</param>
    /// <param name="Do">Changes the page; returns whether it did.</param>
    public readonly record struct Step(string Name, Func<Page, bool> Do);
}
