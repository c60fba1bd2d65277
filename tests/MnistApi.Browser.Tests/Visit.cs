using System.Collections.Concurrent;
using System.Globalization;
using PuppeteerSharp;
using PuppeteerSharp.Input;

namespace MnistApi.Browser.Tests;

/// <summary>Somebody on the page, with their hands. It ends well where no error was logged and no other host asked.</summary>
internal sealed class Visit : IAsyncDisposable
{
    public static readonly (int Width, int Height) Phone = (390, 844);
    public static readonly (int Width, int Height) Screen = (1280, 800);
    public static readonly (int Width, int Height) SmallPhone = (320, 640);
    public static readonly (int Width, int Height) PhoneOnItsSide = (844, 390);
    public static readonly (int Width, int Height) Tablet = (768, 1024);

    // As somebody writes them: corners of the strokes, in shares of the board.
    private static readonly Dictionary<int, (double X, double Y)[]> s_digits = new()
    {
        [1] = [(0.50, 0.18), (0.50, 0.50), (0.50, 0.82)],
        [7] = [(0.28, 0.24), (0.50, 0.23), (0.72, 0.22), (0.60, 0.42), (0.50, 0.62), (0.42, 0.82)],
    };

    private readonly ConcurrentQueue<string> _complaints = [];
    private int _reading, _maxReading;

    private Visit(IPage page, Uri address)
    {
        Page = page;
        page.Console += (_, message) =>
            Note(message.Message.Type is ConsoleType.Error or ConsoleType.Warning, $"console: {message.Message.Text}");
        page.PageError += (_, error) => Note(true, $"error: {error.Message}");
        page.Request += (_, request) =>
        {
            var url = new Uri(request.Request.Url);
            Note(url.Scheme is "http" or "https" && url.Authority != address.Authority, $"another host: {url}");
            if (IsReading(request.Request))
                _maxReading = Math.Max(_maxReading, Interlocked.Increment(ref _reading));
        };
        page.RequestFinished += (_, request) => EndReading(request.Request);
        page.RequestFailed += (_, request) => EndReading(request.Request);
    }

    public IPage Page { get; }

    /// <summary>Most requests to /predict that were under way at once.</summary>
    public int MaxReading => _maxReading;

    /// <summary>What the browser says of answers that are refusals; a test that provokes one expects it.</summary>
    public int ExpectedStatus { get; set; }

    /// <summary>A second one.</summary>
    public int AlsoExpectedStatus { get; set; }

    /// <summary>Opens the page and waits until it has written and read its first digit.</summary>
    public static async Task<Visit> BeginAsync(
        PageService service, (int Width, int Height) size, string scheme = "light", Func<IRequest, Task<ResponseData?>>? intercept = null)
    {
        var visit = await OpenAsync(service, size, scheme, intercept);
        try
        {
            await visit.SeesAsync(7);
            return visit;
        }
        catch
        {
            await Browser.CloseAsync(visit.Page);
            throw;
        }
    }

    /// <summary>Opens the page; what <paramref name="intercept"/> answers, the service is not asked.</summary>
    public static async Task<Visit> OpenAsync(
        PageService service, (int Width, int Height) size, string scheme = "light", Func<IRequest, Task<ResponseData?>>? intercept = null,
        bool isLoaded = true, string path = "")
    {
        var page = await Browser.OpenAsync();
        try
        {
            var visit = new Visit(page, service.Address);
            await visit.ResizeAsync(size);
            await visit.EmulateAsync(scheme);
            await page.Client.SendAsync("Emulation.setFocusEmulationEnabled", new { enabled = true }); // the window that somebody looks at
            if (intercept is not null)
            {
                page.Request += async (_, sent) => await AnswerAsync(sent.Request, intercept);
                await page.SetRequestInterceptionAsync(true);
            }
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            page.FrameNavigated += (_, _) => begun.TrySetResult();
            var loaded = page.GoToAsync($"{service.Address}{path}");
            await (isLoaded ? loaded : begun.Task);
            if (!isLoaded)
                await page.WaitForSelectorAsync("#use"); // asked sooner, the window's first document would answer
            return visit;
        }
        catch
        {
            await Browser.CloseAsync(page); // nobody else knows of it yet
            throw;
        }
    }

    /// <summary>Makes the window this large; everything but the screen is held in a hand.</summary>
    public Task ResizeAsync((int Width, int Height) size) =>
        Page.SetViewportAsync(
            new ViewPortOptions { Width = size.Width, Height = size.Height, IsMobile = size != Screen, HasTouch = size != Screen });

    /// <summary>Prefers a colour scheme, and that nothing moves.</summary>
    public Task EmulateAsync(string scheme) =>
        Page.EmulateMediaFeaturesAsync(
        [
            new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme },
            new MediaFeatureValue { MediaFeature = MediaFeature.PrefersReducedMotion, Value = "reduce" },
        ]);

    /// <summary>Prefers that things move.</summary>
    public Task EmulateMotionAsync() => Page.EmulateMediaFeaturesAsync(
        [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersReducedMotion, Value = "no-preference" }]);

    /// <summary>Waits for the answer.</summary>
    public Task SeesAsync(int digit) =>
        WaitAsync($"document.body.dataset.state === 'answered' && document.getElementById('digit').textContent === '{digit}'");

    /// <summary>Waits until an expression holds.</summary>
    public async Task WaitAsync(string expression)
    {
        try
        {
            await Page.WaitForExpressionAsync(expression, new WaitForFunctionOptions { Timeout = 20_000 });
        }
        catch (WaitTaskTimeoutException error)
        {
            Assert.Fail($"waited in vain for {expression}: {error.Message}; the page says '{await TextAsync("#sentence")}' of "
                + $"'{await TextAsync("#digit")}'; {string.Join("; ", _complaints)}");
        }
    }

    public async Task<string> TextAsync(string selector) =>
        (await Page.EvaluateFunctionAsync<string>("s => document.querySelector(s).innerText", selector)).Trim();

    public Task<T> AskAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>Goes to a section and waits until it is there.</summary>
    public async Task GoToAsync(string section, string shown)
    {
        await Page.EvaluateFunctionAsync("id => document.getElementById(id).scrollIntoView({ behavior: 'instant' })", section);
        await WaitAsync($"document.querySelector('{shown}')");
    }

    /// <summary>Has the whole board in sight.</summary>
    public Task ToBoardAsync() =>
        Page.EvaluateExpressionAsync("document.getElementById('board').scrollIntoView({ block: 'center', behavior: 'instant' })");

    public Task DrawByMouseAsync(int digit, double shift = 0) =>
        DrawByMouseAsync([.. s_digits[digit].Select(point => (point.X + shift, point.Y))]);

    /// <summary>Draws one stroke through corners in shares of the board.</summary>
    public async Task DrawByMouseAsync((double X, double Y)[] corners)
    {
        var points = await OnBoardAsync(corners);
        await Page.Mouse.MoveAsync(points[0].X, points[0].Y);
        await Page.Mouse.DownAsync();
        foreach (var (x, y) in points[1..])
            await Page.Mouse.MoveAsync(x, y, new MoveOptions { Steps = 6 });
        await Page.Mouse.UpAsync();
    }

    public async Task DrawByFingerAsync(int digit)
    {
        var points = await OnBoardAsync(s_digits[digit]);
        await Page.Touchscreen.TouchStartAsync(points[0].X, points[0].Y);
        for (var i = 1; i < points.Length; i++)
        {
            for (var part = 1; part <= 6; part++)
            {
                await Page.Touchscreen.TouchMoveAsync(
                    Between(points[i - 1].X, points[i].X, part / 6m), Between(points[i - 1].Y, points[i].Y, part / 6m));
            }
        }
        await Page.Touchscreen.TouchEndAsync();
    }

    public Task PressSampleAsync(int digit) =>
        Page.EvaluateFunctionAsync("digit => document.querySelectorAll('#samples button')[digit].click()", digit);

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
            await Page.Keyboard.PressAsync(key);
    }

    /// <summary>Keeps a picture of the page in the folder that SCREENSHOTS names, if it names one.</summary>
    public async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(Path.Combine(folder, $"{name}.png"));
    }

    /// <summary>What went wrong without a test having asked.</summary>
    public string[] Complaints() =>
        [.. _complaints.Where(complaint => !IsExpected(complaint, ExpectedStatus) && !IsExpected(complaint, AlsoExpectedStatus))];

    public async ValueTask DisposeAsync()
    {
        await Browser.CloseAsync(Page);
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
            Assert.Empty(Complaints());
    }

    private static bool IsExpected(string complaint, int status) =>
        status != 0
        && complaint.Contains("Failed to load resource", StringComparison.Ordinal)
        && complaint.Contains(status < 0 ? "net::" : status.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task<(decimal X, decimal Y)[]> OnBoardAsync((double X, double Y)[] corners)
    {
        await ToBoardAsync();
        var box = await (await Page.QuerySelectorAsync("#board")).BoundingBoxAsync();
        return [.. corners.Select(point => (box.X + (decimal)point.X * box.Width, box.Y + (decimal)point.Y * box.Height))];
    }

    private static decimal Between(decimal from, decimal to, decimal share) => from + (to - from) * share;

    private static async Task AnswerAsync(IRequest request, Func<IRequest, Task<ResponseData?>> intercept)
    {
        if (await intercept(request) is { } answer)
            await request.RespondAsync(answer);
        else
            await request.ContinueAsync();
    }

    private static bool IsReading(IRequest request) => new Uri(request.Url).AbsolutePath == "/predict";

    private void EndReading(IRequest request)
    {
        if (IsReading(request))
            Interlocked.Decrement(ref _reading);
    }

    private void Note(bool isWrong, string complaint)
    {
        if (isWrong)
            _complaints.Enqueue(complaint);
    }
}
