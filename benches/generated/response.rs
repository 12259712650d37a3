pub struct Response<T>(pub T);
